namespace VoiceGateway.Sip;

/// <summary>The base timers of RFC 3261 section 17 (table 4); the other timers follow from them.</summary>
public sealed record SipTimerOptions
{
    /// <summary>Round-trip estimate.</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest interval between retransmissions of a non-INVITE request or an INVITE response.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Longest time a message stays in the network.</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Timer D: how long a client waits for repeats of a final INVITE response; at least 32 s.</summary>
    public TimeSpan D { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>Timers B, F, H, J, L and M: 64*T1.</summary>
    public TimeSpan TransactionLimit => 64 * T1;

    /// <summary>The interval after this one: twice as long, T2 at most (timers E and G, and 2xx repeats of section 13.3.1.4).</summary>
    public TimeSpan Next(TimeSpan interval) => 2 * interval < T2 ? 2 * interval : T2;
}
