using System.Globalization;

namespace VoiceGateway.Sip;

// Requests within the dialog, both ways. In the mailbox.
public sealed partial class SipCall
{
    private readonly DialogRequests _requests;

    internal void ReceiveRequest(ServerTransaction transaction, SipFlow flow) => _requests.Receive(transaction, flow);

    /// <summary>False: no provisional response of ours awaits this PRACK.</summary>
    internal bool ReceivePrack(ServerTransaction prack) => _incoming?.ReceivePrack(prack) == true;

    /// <summary>The answer to a PRACK or UPDATE with or without an offer (RFC 3262 section 5, RFC 3311 section 5.2).</summary>
    internal SipResponse AnswerOffer(SipRequest request, SessionDescription? offer, OfferCarrier carrier, DialogSession session, Func<SipResponse> accept)
    {
        var offers = session.Offers;
        if (offer is null)
            return accept();
        if (offers.Conflict is { } conflict)
            return CreateCollision(request, conflict);
        if (!offers.HasAgreed && _state is not (SipCallState.Established or SipCallState.Answered))
            return CreateCollision(request, 500); // the first offer is the INVITE's, or our answer's to it
        if (offers.Negotiator is null)
            return _stack.CreateResponse(request, 504, toTag: LocalTag); // nobody can decide on it before the call is answered
        offers.Receive(offer, carrier);
        if (offers.Answer() is not { } answer)
            return _stack.CreateResponse(request, 488, toTag: LocalTag); // the session stays as it was
        var response = accept();
        SdpBody.Put(response, answer);
        return response;
    }

    /// <summary>RFC 3261 section 14.2, RFC 3311 section 5.2: 491, or 500 with a random Retry-After up to 10 s.</summary>
    internal SipResponse CreateCollision(SipRequest request, int status)
    {
        _stack.Counters.Increment(SipCounter.ReInviteCollisions);
        var response = _stack.CreateResponse(request, status, toTag: LocalTag);
        if (status == 500)
            response.Headers.Set(SipHeaderNames.RetryAfter, Random.Shared.Next(0, 11).ToString(CultureInfo.InvariantCulture));
        return response;
    }

    /// <summary>A request within the dialog, which must be established; completes with its final response, or null.</summary>
    internal void SendRequest(string method, Action<SipRequest> decorate, Action<SipResponse?> completed) =>
        new OutgoingRequest(_stack, Mailbox, (response, failure) =>
        {
            completed(response);
            EndWhereLost(response, failure);
        }).Send(Dialog!, method, request =>
        {
            if (method is SipMethods.Refer or SipMethods.Subscribe or SipMethods.Notify)
                request.Contact = CreateContact(Dialog!.Flow);
            decorate(request);
        });

    /// <summary>
    /// Section 12.2.1.2: 481 says that the peer has no such dialog; after 408, or when nothing came at all, nobody can tell whether it
    /// has, and BYE makes sure that it has not.
    /// </summary>
    internal void EndWhereLost(SipResponse? response, ClientFailure? failure)
    {
        if (response?.StatusCode == 481)
            End(new SipCallEnd(SipCallEndCause.DialogLost, 481));
        else if (response?.StatusCode == 408 || failure == ClientFailure.TimedOut)
            SendBye(SipCallEndCause.TimedOut, "SIP;cause=408");
    }

    private void SendRequest(
        string method, IReadOnlyList<(string Name, string Value)> headers, string? contentType, ReadOnlyMemory<byte> body, TaskCompletionSource<SipResponse?> result)
    {
        if (_state != SipCallState.Established)
        {
            result.TrySetResult(null);
            return;
        }

        SendRequest(
            method,
            request =>
            {
                foreach (var (name, value) in headers)
                    request.Headers.Add(name, value);
                if (contentType is not null)
                    request.SetBody(contentType, body);
            },
            result.SetResult);
    }
}
