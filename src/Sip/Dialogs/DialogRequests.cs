using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>Requests received within one call's dialog (RFC 3261 sections 12.2.2, 14.2 and 15.1.2). Runs in the call's mailbox.</summary>
internal sealed class DialogRequests(SipCall call, SipStack stack)
{
    public void Receive(ServerTransaction transaction, SipFlow flow)
    {
        try
        {
            Dispatch(transaction, flow);
        }
        catch
        {
            Answer(transaction, 500);
            throw; // the mailbox reports it and ends the call
        }
    }

    private void Dispatch(ServerTransaction transaction, SipFlow flow)
    {
        var request = transaction.Request;
        if (call.State == SipCallState.Ended)
        {
            stack.Counters.Increment(SipCounter.RequestsWithoutDialog);
            Answer(transaction, 481);
        }
        else if (call.Dialog is { } dialog && !dialog.TryAdvance(request.CSeq.Number))
        {
            stack.Counters.Increment(SipCounter.OutOfOrderRequests);
            Answer(transaction, 500, "Request Out of Order");
        }
        else if (stack.Screen.Check(request) is { } refusal)
        {
            transaction.Respond(refusal);
        }
        else
        {
            Serve(transaction, flow);
        }
    }

    private void Serve(ServerTransaction transaction, SipFlow flow)
    {
        var request = transaction.Request;
        switch (request.Method)
        {
            case SipMethods.Bye:
                Answer(transaction, 200);
                call.ReceiveBye(request);
                break;
            case SipMethods.Invite:
                ReceiveReInvite((InviteServerTransaction)transaction, flow);
                break;
            case SipMethods.Options:
                var capabilities = stack.CreateResponse(request, 200, toTag: call.LocalTag);
                stack.Capabilities.PutAll(capabilities);
                transaction.Respond(capabilities);
                break;
            case SipMethods.Notify:
                ReceiveNotify(transaction);
                break;
            default:
                ServeAdditional(transaction);
                break;
        }
    }

    private void ReceiveNotify(ServerTransaction transaction)
    {
        if (call.Referrals.Receive(transaction.Request) is { } response)
            transaction.Respond(response);
        else if (stack.Handler?.AdditionalMethods.Contains(SipMethods.Notify) == true)
            ServeAdditional(transaction);
        else
            transaction.Respond(call.Referrals.CreateBadEvent(transaction.Request));
    }

    private void ServeAdditional(ServerTransaction transaction)
    {
        var reply = stack.Handler?.OnRequest(call, transaction.Request) ?? new SipReply(405);
        var response = stack.CreateResponse(transaction.Request, reply.StatusCode, reply.Reason, call.LocalTag);
        if (reply.StatusCode == 405)
            stack.Capabilities.PutAllow(response);
        foreach (var (name, value) in reply.Headers)
            response.Headers.Add(name, value);
        transaction.Respond(response);
    }

    private void ReceiveReInvite(InviteServerTransaction transaction, SipFlow flow)
    {
        transaction.LocalTag = call.LocalTag;
        if (call.HasPendingIncomingInvite)
        {
            Collide(transaction, 500);
            return;
        }

        // An offer of ours that awaits its answer, in a re-INVITE or in the ACK to come, must be settled first (RFC 6337 section 2.3).
        if (call.HasPendingOutgoingInvite || call.Acks.AwaitAnswer)
        {
            Collide(transaction, 491);
            return;
        }

        if (call.State == SipCallState.Ending || call.Negotiator is null)
        {
            Answer(transaction, 481);
            return;
        }

        var offer = SdpBody.Read(transaction.Request, out _);
        var session = offer is null ? call.Negotiator.CreateOffer() : call.Negotiator.Answer(offer);
        if (session is null)
        {
            Answer(transaction, 488); // the session stays as it was (section 14.2)
            return;
        }

        call.Dialog!.Refresh(transaction.Request, flow);
        var response = call.CreateDialogResponse(transaction.Request, 200);
        SdpBody.Put(response, session);
        call.Acks.Accept(transaction, response, awaitsAnswer: offer is null);
    }

    /// <summary>Section 14.2: 500 with a random Retry-After up to 10 s, or 491.</summary>
    private void Collide(ServerTransaction transaction, int status)
    {
        stack.Counters.Increment(SipCounter.ReInviteCollisions);
        var response = stack.CreateResponse(transaction.Request, status, toTag: call.LocalTag);
        if (status == 500)
            response.Headers.Set(SipHeaderNames.RetryAfter, Random.Shared.Next(0, 11).ToString(CultureInfo.InvariantCulture));
        transaction.Respond(response);
    }

    private void Answer(ServerTransaction transaction, int status, string? reason = null) =>
        transaction.Respond(stack.CreateResponse(transaction.Request, status, reason, call.LocalTag));
}
