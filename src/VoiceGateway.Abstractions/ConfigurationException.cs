namespace VoiceGateway.Abstractions;

/// <summary>A setting that cannot work. The message names the key and says what is wrong, for the person who wrote it.</summary>
public sealed class ConfigurationException(string key, string problem, Exception? innerException = null)
    : Exception($"{key}: {problem}", innerException)
{
    /// <summary>The configuration key, as in <c>Storage:Database</c>.</summary>
    public string Key { get; } = key;

    /// <summary>What is wrong with its value, without the key.</summary>
    public string Problem { get; } = problem;
}
