namespace VoiceGateway.Sip;

/// <summary>Requests received within one call's dialogs (RFC 3261 sections 12.2.2, 14.2 and 15.1.2). Runs in the call's mailbox.</summary>
internal sealed class DialogRequests(SipCall call, SipStack stack)
{
    private readonly IncomingSessionChanges _changes = new(call, stack);

    public void Receive(ServerTransaction transaction, SipFlow flow)
    {
        try
        {
            Dispatch(transaction, flow);
            (transaction as NonInviteServerTransaction)?.AwaitAnswer();
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
            return;
        }

        var session = call.FindSession(request);
        if (session?.Dialog.TryAdvance(request.CSeq.Number) == false)
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
            Serve(transaction, flow, session);
        }
    }

    private void Serve(ServerTransaction transaction, SipFlow flow, DialogSession? session)
    {
        var request = transaction.Request;
        switch (request.Method)
        {
            case SipMethods.Bye:
                Answer(transaction, 200);
                call.ReceiveBye(request);
                break;
            case SipMethods.Invite:
                _changes.ReceiveReInvite((InviteServerTransaction)transaction, flow);
                break;
            case SipMethods.Update:
                _changes.ReceiveUpdate(transaction, flow, session);
                break;
            case SipMethods.Prack:
                if (!call.ReceivePrack(transaction))
                    Answer(transaction, 481, "No Such Provisional Response");
                break;
            case SipMethods.Options:
                var capabilities = stack.CreateResponse(request, 200, toTag: call.LocalTag);
                stack.Capabilities.PutAll(capabilities);
                transaction.Respond(capabilities);
                break;
            case SipMethods.Notify:
                ReceiveNotify(transaction);
                break;
            case SipMethods.Refer when stack.Handler?.TakesReferrals == true:
                call.Referrals.Incoming.Receive(transaction);
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

    private void Answer(ServerTransaction transaction, int status, string? reason = null) =>
        transaction.Respond(stack.CreateResponse(transaction.Request, status, reason, call.LocalTag));
}
