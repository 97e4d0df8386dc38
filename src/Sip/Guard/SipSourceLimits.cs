namespace VoiceGateway.Sip;

/// <summary>What one source may ask of us; an IPv6 source is its /64, which one customer has.</summary>
public sealed record SipSourceLimits
{
    /// <summary>Messages that begin something. Those of running calls have an allowance of their own, as great as a known source's.</summary>
    public SipRate Messages { get; init; }

    /// <summary>New INVITEs.</summary>
    public SipRate Invites { get; init; }

    /// <summary>Incoming calls at one time.</summary>
    public int Calls { get; init; } = int.MaxValue;

    /// <summary>Server transactions at one time; after UDP each lingers 32 s.</summary>
    public int Transactions { get; init; } = int.MaxValue;

    internal bool IsValid => Messages.IsValid && Invites.IsValid && Calls > 0 && Transactions > 0;
}
