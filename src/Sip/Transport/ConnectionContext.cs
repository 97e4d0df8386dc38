namespace VoiceGateway.Sip;

/// <summary>What the connections of all transports of an endpoint share.</summary>
internal sealed record ConnectionContext(TimeProvider Time, SipConnectionOptions Options)
{
    public ConnectionLedger Ledger { get; } = new(Options);

    /// <summary>Bytes of unfinished messages.</summary>
    public ByteBudget Partial { get; } = new(Options.MaxPartialBytes);

    /// <summary>Of these, what strangers may hold: whatever they do, the rest is our peers'.</summary>
    public ByteBudget StrangersPartial { get; } = new(Options.MaxPartialBytes / 4);
}
