namespace VoiceGateway.Sip;

/// <summary>
/// What is left of a server transaction when all it waits for is repeats (timers J and L, 64*T1): enough to know one and to send the
/// answer again; nothing is where the dialog repeats its own 2xx (RFC 3261 section 13.3.1.4). Neither the request nor its call is
/// held, so that a flood of short calls leaves little behind for half a minute.
/// </summary>
internal sealed class AnsweredRequest(
    ServerTransactionKey key, MergeKey? mergeKey, int status, string? localTag, byte[] answer, IResponsePath path, TransactionContext context) : IServedRequest
{
    public ServerTransactionKey Key => key;

    public MergeKey? MergeKey => mergeKey;

    public int LastStatus => status;

    public string? LocalTag => localTag;

    public void Deliver(SipRequest request)
    {
        context.Counters.Increment(SipCounter.RequestRetransmissionsAbsorbed);
        if (answer.Length == 0)
            return;
        context.Counters.Increment(SipCounter.ResponseRetransmissionsSent);
        path.Send(answer);
    }

    public void End() => context.Table.Remove(this);
}
