namespace VoiceGateway.Sip;

/// <summary>
/// One request received and the responses to it (RFC 3261 section 17.2). Everything here runs in <see cref="Mailbox"/>;
/// the timers too, so that no state needs a lock.
/// </summary>
internal abstract class ServerTransaction : IServedRequest
{
    private byte[] _lastResponse = [];

    protected ServerTransaction(SipRequest request, IResponsePath path, TransactionContext context, Mailbox mailbox)
    {
        Request = request;
        Path = path;
        Context = context;
        Mailbox = mailbox;
        Key = ServerTransactionKey.Of(request);
    }

    public SipRequest Request { get; }

    public ServerTransactionKey Key { get; }

    public Mailbox Mailbox { get; }

    public int LastStatus { get; private set; }

    public bool IsAnswered => LastStatus >= 200;

    /// <summary>Nothing happens here any more; repeats may still be answered (<see cref="AnsweredRequest"/>).</summary>
    public bool IsTerminated { get; private set; }

    public string? LocalTag { get; set; }

    protected IResponsePath Path { get; }

    protected TransactionContext Context { get; }

    public void Deliver(SipRequest request) => Mailbox.Post(() => Receive(request));

    public void End() => Mailbox.Post(Terminate);

    /// <summary>A repeat of the request, or an ACK that matches it.</summary>
    public abstract void Receive(SipRequest request);

    /// <summary>Sends a response of the transaction user. A final one after a final one is ignored.</summary>
    public abstract void Respond(SipResponse response);

    public void Terminate()
    {
        if (IsTerminated)
            return;
        IsTerminated = true;
        StopTimers();
        Context.Table.Remove(this);
    }

    /// <summary>Only repeats are still to come, for so long: whatever they do not need is let go.</summary>
    protected void Settle(TimeSpan duration, bool repeatsAnswer)
    {
        if (IsTerminated)
            return;
        IsTerminated = true;
        StopTimers();
        var answered = new AnsweredRequest(Key, MergeKey.Of(Request), LastStatus, LocalTag, repeatsAnswer ? _lastResponse : [], Path, Context);
        if (Context.Table.Replace(this, answered))
            Context.Answered.Keep(answered, duration);
    }

    protected abstract void StopTimers();

    protected void Send(SipResponse response)
    {
        LastStatus = response.StatusCode;
        _lastResponse = response.ToBytes();
        Context.Counters.Increment(SipCounter.ResponsesSent);
        Path.Send(_lastResponse);
    }

    protected void Repeat()
    {
        if (_lastResponse.Length == 0)
            return;
        Context.Counters.Increment(SipCounter.ResponseRetransmissionsSent);
        Path.Send(_lastResponse);
    }

    protected void Absorb() => Context.Counters.Increment(SipCounter.RequestRetransmissionsAbsorbed);
}
