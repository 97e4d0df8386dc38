namespace VoiceGateway.Sip;

/// <summary>
/// Re-INVITE (RFC 3261 section 14.2) and UPDATE (RFC 3311 section 5.2) of the peer: each may offer the session anew, refreshes the
/// peer's target and the session timer. One that is refused changes nothing. Runs in the call's mailbox.
/// </summary>
internal sealed class IncomingSessionChanges(SipCall call, SipStack stack)
{
    public void ReceiveReInvite(InviteServerTransaction transaction, SipFlow flow)
    {
        transaction.LocalTag = call.LocalTag;
        var request = transaction.Request;
        if (call.HasPendingIncomingInvite)
            transaction.Respond(call.CreateCollision(request, 500));
        else if (call.HasPendingOutgoingInvite)
            transaction.Respond(call.CreateCollision(request, 491));
        else if (call.Offers.Conflict is { } conflict)
            transaction.Respond(call.CreateCollision(request, conflict)); // even without SDP: then the next offer would be ours, on top of an open one
        else if (call.State == SipCallState.Ending || call.Negotiator is null)
            transaction.Respond(stack.CreateResponse(request, 481, toTag: call.LocalTag));
        else if (call.SessionTimer.Check(request, call.LocalTag) is { } tooBrief)
            transaction.Respond(tooBrief);
        else
            AcceptReInvite(transaction, flow);
    }

    public void ReceiveUpdate(ServerTransaction transaction, SipFlow flow, DialogSession? session)
    {
        var request = transaction.Request;
        if (session is null || call.State == SipCallState.Ending)
        {
            transaction.Respond(stack.CreateResponse(request, 481, toTag: call.LocalTag));
            return;
        }

        // A session that does not exist yet has no timer (RFC 4028 section 7.1).
        bool isTimed = call.State is SipCallState.Established or SipCallState.Answered;
        if ((RefusalOfBody(request, out var offer) ?? (isTimed ? call.SessionTimer.Check(request, call.LocalTag) : null)) is { } refusal)
        {
            transaction.Respond(refusal);
            return;
        }

        transaction.Respond(call.AnswerOffer(request, offer, OfferCarrier.Update, session, () =>
        {
            session.Dialog.Refresh(request, flow);
            call.Abilities.Learn(request);
            var response = call.CreateDialogResponse(request, 200, session.Dialog);
            if (isTimed)
                call.SessionTimer.Agree(request, response);
            return response;
        }));
    }

    private void AcceptReInvite(InviteServerTransaction transaction, SipFlow flow)
    {
        var request = transaction.Request;
        var offer = SdpBody.Read(request, out _); // what cannot be read has been refused before
        SessionDescription? session;
        if (offer is null)
        {
            session = call.Offers.Offer(OfferCarrier.Success);
        }
        else
        {
            call.Offers.Receive(offer, OfferCarrier.Invite);
            session = call.Offers.Answer();
        }

        if (session is null)
        {
            transaction.Respond(stack.CreateResponse(request, 488, toTag: call.LocalTag));
            return;
        }

        call.Dialog!.Refresh(request, flow);
        call.Abilities.Learn(request);
        var response = call.CreateDialogResponse(request, 200);
        SdpBody.Put(response, session);
        call.SessionTimer.Agree(request, response);
        call.Acks.Accept(transaction, response, awaitsAnswer: offer is null);
    }

    private SipResponse? RefusalOfBody(SipRequest request, out SessionDescription? offer)
    {
        offer = null;
        if (!SdpBody.IsSupported(request))
        {
            var unsupported = stack.CreateResponse(request, 415, toTag: call.LocalTag);
            SipCapabilities.PutAccept(unsupported);
            return unsupported;
        }

        offer = SdpBody.Read(request, out var error);
        return error is null ? null : stack.CreateResponse(request, 400, "Malformed Session Description", call.LocalTag);
    }
}
