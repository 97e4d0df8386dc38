namespace VoiceGateway.Sip;

/// <summary>One request sent and the responses to it (RFC 3261 section 17.1). Everything runs in <see cref="Mailbox"/>.</summary>
internal abstract class ClientTransaction
{
    private readonly byte[] _bytes;
    private CancellationTokenRegistration _lost;

    protected ClientTransaction(SipRequest request, SipFlow flow, TransactionContext context, Mailbox mailbox, IClientTransactionUser user)
    {
        Request = request;
        Flow = flow;
        Context = context;
        Mailbox = mailbox;
        User = user;
        Key = ClientTransactionKey.Of(request);
        _bytes = request.ToBytes();
    }

    public SipRequest Request { get; }

    public SipFlow Flow { get; }

    public ClientTransactionKey Key { get; }

    public Mailbox Mailbox { get; }

    public bool IsTerminated { get; private set; }

    /// <summary>A final response has come: the transaction only absorbs repeats.</summary>
    public abstract bool IsAnswered { get; }

    /// <summary>A response has come, provisional or final.</summary>
    protected abstract bool HasHeard { get; }

    protected TransactionContext Context { get; }

    protected IClientTransactionUser User { get; }

    public abstract void Start();

    public abstract void Receive(SipResponse response);

    public void Terminate()
    {
        if (IsTerminated)
            return;
        IsTerminated = true;
        _lost.Unregister();
        StopTimers();
        Context.Table.Remove(this);
    }

    /// <summary>The endpoint goes: whoever waits for the outcome learns that there will be none.</summary>
    public void Abort()
    {
        if (IsTerminated)
            return;
        if (IsAnswered)
            Terminate();
        else
            Fail(ClientFailure.TransportFailed);
    }

    protected abstract void StopTimers();

    protected bool SendFirst()
    {
        Context.Table.Add(this);
        Context.Counters.Increment(SipCounter.RequestsSent);
        _lost = Flow.Closed.UnsafeRegister(_ => Mailbox.Post(OnConnectionLost), null);
        if (Flow.Send(_bytes))
            return true;
        Fail(ClientFailure.TransportFailed);
        return false;
    }

    protected void Repeat()
    {
        Context.Counters.Increment(SipCounter.RequestRetransmissionsSent);
        if (!Flow.Send(_bytes))
            Fail(ClientFailure.TransportFailed);
    }

    protected void TimeOut()
    {
        Context.Counters.Increment(SipCounter.ClientTransactionsTimedOut);
        Fail(ClientFailure.TimedOut);
    }

    protected void Absorb() => Context.Counters.Increment(SipCounter.ResponseRetransmissionsAbsorbed);

    /// <summary>Nobody will answer (RFC 3261 section 18.4). Once something was heard the rest may come on a connection of the peer's (section 18.2.2).</summary>
    private void OnConnectionLost()
    {
        if (!IsTerminated && !HasHeard)
            Fail(ClientFailure.TransportFailed);
    }

    private void Fail(ClientFailure failure)
    {
        Terminate();
        User.OnFailed(failure);
    }
}
