namespace VoiceGateway.Sip;

/// <summary>
/// One INVITE of <see cref="RequestAttempts"/>. When it has been given up for another hop, what may still come of it ends here: a late 1xx gets
/// CANCEL, a late 2xx ACK and BYE (RFC 3261 sections 9.1 and 13.2.2.4), or somebody's telephone would ring or hear nothing.
/// </summary>
internal sealed class LeftInvite : IClientTransactionUser
{
    private const int MostAnswers = 32;
    private readonly SipStack _stack;
    private readonly Mailbox _mailbox;
    private readonly IClientTransactionUser _user;
    private readonly MailboxTimer _cancelLimit;
    private readonly Dictionary<string, SentAck> _acks = [];
    private ClientTransaction? _left;
    private DigestClient? _digest;

    public LeftInvite(SipStack stack, Mailbox mailbox, IClientTransactionUser user)
    {
        _stack = stack;
        _mailbox = mailbox;
        _user = user;
        _cancelLimit = new MailboxTimer(stack.Time, mailbox, () => _left!.Terminate());
    }

    /// <summary>From now on nobody waits for it.</summary>
    public void Leave(ClientTransaction transaction, DigestClient? digest)
    {
        _left = transaction;
        _digest = digest;
    }

    public void OnResponse(SipResponse response)
    {
        if (_left is null)
        {
            _user.OnResponse(response);
        }
        else if (response.IsProvisional)
        {
            if (!_cancelLimit.IsRunning)
                Cancel(_left);
        }
        else
        {
            _cancelLimit.Stop();
            if (response.IsSuccess)
                Release(_left, response);
        }
    }

    public void OnFailed(ClientFailure failure)
    {
        if (_left is null)
            _user.OnFailed(failure);
        else
            _cancelLimit.Stop();
    }

    private void Cancel(ClientTransaction invite)
    {
        _cancelLimit.Start(_stack.Timers.TransactionLimit);
        var cancel = invite.Request.CreateCancel();
        cancel.Headers.Set(SipHeaderNames.UserAgent, _stack.Options.UserAgent);
        new NonInviteClientTransaction(cancel, invite.Flow, _stack.Transactions, _mailbox, DiscardResponses.Instance).Start();
    }

    private void Release(ClientTransaction invite, SipResponse response)
    {
        var tag = response.To.Tag ?? "";
        if (_acks.TryGetValue(tag, out var acknowledged))
        {
            _stack.Counters.Increment(SipCounter.ResponseRetransmissionsAbsorbed);
            acknowledged.Send();
            return;
        }

        if (_acks.Count >= MostAnswers)
        {
            _stack.Counters.Increment(SipCounter.ResponsesUnmatched);
            return;
        }

        var dialog = SipDialog.OfOutgoing(invite.Request, response, invite.Flow);
        dialog.Digest = _digest;
        var ack = _acks[tag] = new SentAck(_stack, _mailbox, dialog, invite.Request.CSeq.Number, answer: null, invite.Request);
        ack.Send();
        _stack.Counters.Increment(SipCounter.ForkedAnswersReleased);
        new OutgoingRequest(_stack, _mailbox, static (_, _) => { }).Send(dialog, SipMethods.Bye);
    }
}
