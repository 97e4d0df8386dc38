namespace VoiceGateway.Sip;

/// <summary>Caps on what a peer may make us hold. A message beyond one is refused, never cut short silently.</summary>
public sealed record SipLimits
{
    public static SipLimits Default { get; } = new();

    /// <summary>Whole message with its body, in bytes.</summary>
    public int MaxMessageBytes { get; init; } = 65_536;

    /// <summary>Start line, or one header after unfolding, in bytes.</summary>
    public int MaxLineBytes { get; init; } = 8_192;

    /// <summary>Header values, where every element of a comma-separated Via, Route, Record-Route or Contact counts.</summary>
    public int MaxHeaders { get; init; } = 128;
}
