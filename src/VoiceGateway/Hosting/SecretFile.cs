using VoiceGateway.Abstractions;

namespace VoiceGateway.Hosting;

/// <summary>
/// A file with one secret in it, as orchestrators mount them. It is read for each connection, so that a secret replaced in it
/// holds from then on; while it is being replaced the last one serves.
/// </summary>
internal sealed class SecretFile
{
    private const int Longest = 16 * 1024;

    private readonly string _path;
    private readonly string _beginning;
    private string _last;

    /// <param name="path">The file.</param>
    /// <param name="key">The setting that names it, for complaints.</param>
    /// <param name="beginning">How every such secret begins.</param>
    /// <exception cref="ConfigurationException">It cannot be read, or holds no secret. The message does not repeat its content.</exception>
    public SecretFile(string path, string key, string beginning = "")
    {
        (_path, _beginning) = (path, beginning);
        _last = TryRead(out var problem) ?? throw new ConfigurationException(key, problem);
    }

    /// <summary>For a secret that holds for the life of the process.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, or holds no secret.</exception>
    public static string ReadOnce(string path, string key) => new SecretFile(path, key)._last;

    /// <summary>For an endpoint that asks before it connects.</summary>
    public ValueTask<string> ReadAsync(CancellationToken cancelled)
    {
        if (TryRead(out _) is { } secret) Volatile.Write(ref _last, secret);
        return ValueTask.FromResult(Volatile.Read(ref _last));
    }

    private string? TryRead(out string problem)
    {
        problem = "";
        try
        {
            if (new FileInfo(_path) is { Exists: true, Length: > Longest }) problem = $"{_path} is too long for a secret";
            else
            {
                // Editors end a file with a line end.
                var secret = File.ReadAllText(_path).Trim();
                problem = secret.Length == 0 ? $"{_path} is empty"
                    : secret.Any(static c => c is <= ' ' or > '~') ? $"{_path} must hold the secret alone, on one line"
                    : !secret.StartsWith(_beginning, StringComparison.Ordinal) ? $"what {_path} holds does not begin with {_beginning}"
                    : "";
                if (problem.Length == 0) return secret;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"cannot be read: {e.Message}";
        }
        return null;
    }

    public override string ToString() => _path;
}
