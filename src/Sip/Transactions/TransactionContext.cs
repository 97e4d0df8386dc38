namespace VoiceGateway.Sip;

/// <summary>What every transaction of an endpoint shares.</summary>
internal sealed record TransactionContext(TimeProvider Time, SipTimerOptions Timers, SipCounters Counters, TransactionTable Table)
{
    public AnsweredRequests Answered { get; } = new(Time);

    /// <summary>Ends everything: no timer is left once each mailbox has run.</summary>
    public void TerminateAll()
    {
        Answered.Clear();
        Table.TerminateAll();
    }
}
