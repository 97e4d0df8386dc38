namespace VoiceGateway.Sip;

// What the application does with a call. Each posts to the mailbox; nothing here waits.
public sealed partial class SipCall
{
    private TaskCompletionSource<bool>? _answering;

    /// <summary>
    /// Sends 180, or 183 with early media: the answer to the INVITE's offer. Nothing happens once the call is answered, cancelled or
    /// rejected. It is sent reliably where the options and the peer have it so (<see cref="SipReliableProvisionals"/>).
    /// </summary>
    public void Ring(SessionDescription? earlyMedia = null) => Mailbox.Post(() => _incoming?.Ring(earlyMedia));

    /// <summary>
    /// Sends 183 with early media as the negotiator has it: its answer, or its offer where the INVITE has none and the response is
    /// reliable (RFC 3262 section 5). <see cref="AnswerAsync"/> then wants the same negotiator.
    /// </summary>
    public void Ring(ISessionNegotiator negotiator)
    {
        ArgumentNullException.ThrowIfNull(negotiator);
        Mailbox.Post(() => _incoming?.Ring(negotiator));
    }

    /// <summary>
    /// Sends 200, repeated until ACK. True at the ACK; false when the call ended first: it was cancelled or hung up, no ACK came
    /// (BYE has been sent), or the negotiator found no session (488). The 200 waits for the PRACK of a session in a reliable 18x
    /// (RFC 3262 section 3).
    /// </summary>
    public Task<bool> AnswerAsync(ISessionNegotiator negotiator)
    {
        ArgumentNullException.ThrowIfNull(negotiator);
        var answering = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Mailbox.Post(() =>
        {
            if (_incoming is not { IsPending: true } || _answering is not null || _state == SipCallState.Ended)
            {
                answering.TrySetResult(false);
                return;
            }

            _answering = answering;
            _incoming.Answer(negotiator);
        });
        return answering.Task;
    }

    /// <summary>Refuses an incoming call. Nothing happens once it is answered or over.</summary>
    /// <exception cref="ArgumentException">The status is not 300 to 699, or a header would not stay on its line.</exception>
    public void Reject(int status, string? reason = null, params (string Name, string Value)[] headers)
    {
        if (status is < 300 or > 699)
            throw new ArgumentOutOfRangeException(nameof(status), status, "A rejection has a status of 300 to 699.");
        CheckHeaders(headers);
        Mailbox.Post(() => _incoming?.Refuse(status, reason, headers, SipCallEndCause.Rejected));
    }

    /// <summary>
    /// Ends the call as its state wants it: rejection with 480, CANCEL, or BYE, which after an unacknowledged 200 waits for the
    /// ACK (RFC 3261 section 15). Completes with the call.
    /// </summary>
    /// <param name="reasonHeader">A Reason header's value (RFC 3326), for example <c>SIP;cause=200;text="done"</c>.</param>
    /// <exception cref="ArgumentException">The reason would not stay on its line.</exception>
    public Task HangUpAsync(string? reasonHeader = null)
    {
        if (reasonHeader is not null)
            CheckHeaders([(SipHeaderNames.Reason, reasonHeader)]);
        Mailbox.Post(() => HangUp(reasonHeader));
        return Completion;
    }

    /// <summary>
    /// Offers the session anew: hold, resume, another address. A crossing re-INVITE (491) is tried again after the pause of
    /// RFC 3261 section 14.1. A refusal leaves the session as it was, and 481, 408 or silence ends the call.
    /// </summary>
    /// <param name="lateOffer">Without SDP: the peer offers in its 200, the answer goes in ACK.</param>
    public Task<SipCallResult> ReInviteAsync(bool lateOffer = false)
    {
        var result = new TaskCompletionSource<SipCallResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Mailbox.Post(() => Changes.ReInvite(lateOffer ? ReInviteOffer.None : ReInviteOffer.New, result.SetResult));
        return result.Task;
    }

    /// <summary>
    /// UPDATE (RFC 3311): offers the session anew as <see cref="ReInviteAsync"/> does, but needs no human and works before the call is
    /// answered, once a first offer has been. 405 without asking when the peer has not listed UPDATE in Allow.
    /// </summary>
    /// <param name="withOffer">Without, it tells the peer our Contact and keeps the session alive, nothing else.</param>
    public Task<SipCallResult> UpdateAsync(bool withOffer = true)
    {
        var result = new TaskCompletionSource<SipCallResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Mailbox.Post(() => Changes.Update(withOffer, result.SetResult));
        return result.Task;
    }

    /// <summary>A request within the dialog, such as INFO or REFER. Null when nothing came back; silence, 408 and 481 end the call.</summary>
    /// <exception cref="ArgumentException">INVITE, ACK, CANCEL, BYE, PRACK and UPDATE have ways of their own; or a header would not stay on its line.</exception>
    public Task<SipResponse?> SendRequestAsync(
        string method, IReadOnlyList<(string Name, string Value)>? headers = null, string? contentType = null, ReadOnlyMemory<byte> body = default)
    {
        if (method is SipMethods.Invite or SipMethods.Ack or SipMethods.Cancel or SipMethods.Bye or SipMethods.Prack or SipMethods.Update)
            throw new ArgumentException($"{method} is not sent this way.", nameof(method));
        CheckHeaders(headers ?? []);
        var result = new TaskCompletionSource<SipResponse?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Mailbox.Post(() => SendRequest(method, headers ?? [], contentType, body, result));
        return result.Task;
    }

    /// <summary>
    /// Asks the peer to call somebody else instead (REFER, RFC 3515). Completes when it has said how that ended, or that it will
    /// not; a peer may never say so, therefore wait with a limit. The call stays as it is: after a success it is ours to hang up.
    /// </summary>
    /// <param name="target">Whom the peer is to call.</param>
    /// <param name="progress">Told each provisional status that the peer reports; in the call's mailbox.</param>
    public Task<SipReferralResult> ReferAsync(SipUri target, Action<int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        var referral = new OutgoingReferral(target, progress);
        Mailbox.Post(() => Referrals.Send(referral));
        return referral.Result;
    }

    internal static void CheckHeaders(IEnumerable<(string Name, string Value)> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (!SipHeaders.IsValid(name, value))
                throw new ArgumentException($"The header {name} cannot be written.", nameof(headers));
        }
    }
}
