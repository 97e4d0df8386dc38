namespace VoiceGateway.Sip;

/// <summary>
/// Limits that hold before a message is read. They protect, they do not shape: no honest peer meets the defaults. Nobody is banned;
/// whoever slows down is served again.
/// </summary>
public sealed record SipGuardOptions
{
    /// <summary>For sources that <see cref="ISipGatekeeper.Knows"/>, for who has been admitted of late, and for all where nobody keeps the gate. A trunk may send all its calls from one address.</summary>
    public SipSourceLimits Known { get; init; } = new()
    {
        Messages = new SipRate(10_000, 20_000),
        Invites = new SipRate(1_000, 3_000),
        Transactions = 72_000, // a quarter more within calls is still less than what all may have
    };

    /// <summary>For strangers: somebody may be about to show credentials.</summary>
    public SipSourceLimits Unknown { get; init; } = new()
    {
        Messages = new SipRate(30, 100),
        Invites = new SipRate(5, 20),
        Calls = 50,
        Transactions = 500,
    };

    /// <summary>New INVITEs of all sources together; of strangers no more than half of it.</summary>
    public SipRate Invites { get; init; } = new(2_000, 6_000);

    /// <summary>Messages of all strangers together; what spoofed addresses can use up.</summary>
    public SipRate UnknownMessages { get; init; } = new(1_000, 2_000);

    /// <summary>Refusals by 503 in all; beyond it there is silence, which costs less.</summary>
    public SipRate Refusals { get; init; } = new(2_000, 4_000);

    /// <summary>Sources whose rates are remembered; 72 bytes each. The one longest silent is forgotten for a new one.</summary>
    public int MaxSources { get; init; } = 16_384;
}
