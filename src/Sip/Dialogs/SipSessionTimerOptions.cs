namespace VoiceGateway.Sip;

/// <summary>Session timers (RFC 4028): a call whose peer is gone without a BYE ends, and proxies learn that one is still up.</summary>
public sealed record SipSessionTimerOptions
{
    /// <summary>The interval that we ask for; the peer may lower it. 1800 s is what RFC 4028 section 4 recommends.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromSeconds(1800);

    /// <summary>The shortest interval that we agree to (422 below it); 90 s is the least that RFC 4028 section 5 allows, less is for the laboratory.</summary>
    public TimeSpan MinSE { get; init; } = TimeSpan.FromSeconds(90);
}
