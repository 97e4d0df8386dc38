namespace VoiceGateway.Sip;

/// <summary>
/// The 2xx of one call whose ACK has not come. Mostly one; two when a peer sends a re-INVITE although the ACK of the INVITE
/// before it was lost (RFC 5407 section 3.1.5).
/// </summary>
internal sealed class PendingAcks(SipStack stack, Action<AcceptedInvite, SipRequest> acknowledged, Action<AcceptedInvite> unacknowledged)
{
    private readonly List<AcceptedInvite> _accepted = [];

    public bool Any => _accepted.Count > 0;

    /// <summary>Sends a 2xx and waits for its ACK.</summary>
    public void Accept(InviteServerTransaction transaction, SipResponse response, bool awaitsAnswer)
    {
        transaction.AcknowledgedAfter2xx = Receive;
        var accepted = new AcceptedInvite(transaction, response, stack.Transactions, OnAcknowledged, OnUnacknowledged) { AwaitsAnswer = awaitsAnswer };
        _accepted.Add(accepted);
        accepted.Start();
    }

    /// <summary>An ACK belongs to the INVITE with its CSeq number (RFC 3261 section 13.2.2.4).</summary>
    public void Receive(SipRequest ack)
    {
        if (_accepted.Find(accepted => accepted.Sequence == ack.CSeq.Number) is { } matching)
            matching.Acknowledge(ack);
        else
            stack.Counters.Increment(SipCounter.RequestRetransmissionsAbsorbed);
    }

    public void Stop()
    {
        foreach (var accepted in _accepted)
            accepted.Stop();
        _accepted.Clear();
    }

    private void OnAcknowledged(AcceptedInvite accepted, SipRequest ack)
    {
        _accepted.Remove(accepted);
        acknowledged(accepted, ack);
    }

    private void OnUnacknowledged(AcceptedInvite accepted)
    {
        _accepted.Remove(accepted);
        unacknowledged(accepted);
    }
}
