namespace VoiceGateway.Sip;

/// <summary>One header. <see cref="Value"/> is unfolded and trimmed.</summary>
public readonly record struct SipHeader(string Name, string Value)
{
    /// <summary>The bytes as received, kept only when they were no valid UTF-8, so that they can be passed on unchanged.</summary>
    internal byte[]? Raw { get; init; }
}
