namespace VoiceGateway.Sip;

// How a call ends, by whoever. In the mailbox.
public sealed partial class SipCall
{
    private readonly TaskCompletionSource<SipCallEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _hangUpWhenAcknowledged;
    private bool _isHangUpWanted;
    private SipCallEndCause _endCause;

    internal void ReceiveBye(SipRequest bye)
    {
        var reason = SipReason.HeaderOf(bye);
        if (_incoming is { IsPending: true })
            _incoming.Refuse(487, null, [], SipCallEndCause.Cancelled, reason); // BYE in the early dialog (section 15.1.2)
        else if (Dialog is null)
            _outgoing!.ReceiveEarlyBye(bye);
        else if (_state == SipCallState.Ending)
            End(new SipCallEnd(_endCause, ReasonHeader: reason)); // the two BYEs crossed; ours will be answered 481 or not at all
        else
            End(new SipCallEnd(SipCallEndCause.RemoteBye, ReasonHeader: reason));
    }

    /// <summary>Sends BYE; the call ends with its answer, whatever that is (section 15.1.1).</summary>
    internal void SendBye(SipCallEndCause cause, string? reasonHeader = null)
    {
        if (Dialog is null || _state == SipCallState.Ended || (_state == SipCallState.Ending && !_isHangUpWanted))
            return;
        _isHangUpWanted = false;
        _state = SipCallState.Ending;
        _endCause = cause;
        StopWaiting();
        new OutgoingRequest(_stack, Mailbox, (response, _) => End(new SipCallEnd(cause, response?.StatusCode, reasonHeader))).Send(
            Dialog,
            SipMethods.Bye,
            bye =>
            {
                if (reasonHeader is not null)
                    bye.Headers.Add(SipHeaderNames.Reason, reasonHeader);
            });
    }

    internal void End(SipCallEnd end)
    {
        if (_state == SipCallState.Ended)
            return;
        _state = SipCallState.Ended;
        end = end with { IsTransferred = Referrals.HasSucceeded };
        StopWaiting();
        Referrals.CallEnded();
        _incoming?.Stop();
        _outgoing?.Ended(end);
        RemoveDialogs();
        _stack.Calls.Remove(this);
        Use(null);
        _completion.TrySetResult(end);
    }

    /// <summary>The endpoint goes: tell the peer once, wait for nothing.</summary>
    internal void Abandon() => Mailbox.Post(() =>
    {
        if (_incoming is { IsPending: true })
            _incoming.Refuse(503, null, [], SipCallEndCause.EndpointClosed);
        else if (Dialog is null)
            _outgoing?.Cancel();
        else
            SendBye(SipCallEndCause.EndpointClosed);
        End(new SipCallEnd(SipCallEndCause.EndpointClosed));
    });

    private void HangUp(string? reasonHeader)
    {
        switch (_state)
        {
            case SipCallState.Ending or SipCallState.Ended:
                break;
            case SipCallState.Answered:
                _isHangUpWanted = true;
                _hangUpWhenAcknowledged = reasonHeader;
                _state = SipCallState.Ending;
                break;
            default:
                if (_incoming is { IsPending: true })
                    _incoming.Refuse(480, null, reasonHeader is null ? [] : [(SipHeaderNames.Reason, reasonHeader)], SipCallEndCause.Rejected);
                else if (Dialog is null)
                    _outgoing?.Cancel();
                else
                    SendBye(SipCallEndCause.LocalBye, reasonHeader);
                break;
        }
    }

    /// <summary>RFC 4028 section 10: the peer has been silent for too long, or would not have our refreshes.</summary>
    private void OnSessionExpired() => SendBye(SipCallEndCause.SessionExpired, "SIP;cause=408;text=\"Session Expired\"");

    private void StopWaiting()
    {
        Acks.Stop();
        Changes.Stop();
        SessionTimer.Stop();
        _answering?.TrySetResult(false);
    }

    /// <summary>Our code threw: this call ends, with 500 or BYE, and nothing else does.</summary>
    private void OnFault(Exception exception)
    {
        _stack.OnFault(exception);
        try
        {
            if (_incoming is { IsPending: true })
                _incoming.Refuse(500, null, [], SipCallEndCause.Faulted);
            else if (Dialog is null)
                _outgoing?.Fail();
            else
                SendBye(SipCallEndCause.Faulted, "SIP;cause=500");
        }
        catch (Exception again)
        {
            _stack.OnFault(again);
            End(new SipCallEnd(SipCallEndCause.Faulted));
        }
    }
}
