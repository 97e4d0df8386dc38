namespace VoiceGateway.Sip;

/// <summary>
/// Requests received: to their transaction, their dialog, or a new call (RFC 3261 sections 8.2, 9.2, 12.2.2 and 17.2.3). What fits nothing is
/// answered only where <see cref="SipGuard"/> knows the peer, and what is new is served only when it admits it.
/// </summary>
internal sealed class UserAgentServer(SipStack stack)
{
    private TransactionTable Table => stack.Transactions.Table;

    public void Receive(SipRequest request, SipFlow flow)
    {
        request.TopVia = request.TopVia.WithSource(flow.RemoteEndPoint);
        if (request.Method == SipMethods.Ack)
            ReceiveAck(request);
        else if (!Absorb(request))
            ReceiveNew(request, flow);
    }

    /// <summary>Never answered, whatever it belongs to (section 17.2.1 and 13.3.1.4).</summary>
    private void ReceiveAck(SipRequest ack)
    {
        if (Absorb(ack))
            return;
        if (stack.Calls.TryFind(DialogId.OfRequest(ack), out var call))
            call.Mailbox.Post(() => call.Acks.Receive(ack));
        else
            stack.Counters.Increment(SipCounter.AcksUnmatched);
    }

    private bool Absorb(SipRequest request)
    {
        if (!Table.TryFind(ServerTransactionKey.Of(request), out var served))
            return false;
        served.Deliver(request);
        return true;
    }

    private void ReceiveNew(SipRequest request, SipFlow flow)
    {
        if (request.Method == SipMethods.Cancel)
            ReceiveCancel(request, flow);
        else if (request.To.Tag is not null)
            ReceiveWithinDialog(request, flow);
        else
            ReceiveOutsideDialog(request, flow);
    }

    // Section 9.2: the CANCEL is answered for itself; the INVITE, if still open, with 487.
    private void ReceiveCancel(SipRequest cancel, SipFlow flow)
    {
        if (Table.TryFind(ServerTransactionKey.OfCancelled(cancel), out var invite))
        {
            var open = invite as InviteServerTransaction;
            var transaction = BeginWithin(cancel, flow, open?.Mailbox ?? new Mailbox(stack.OnFault));
            transaction?.Mailbox.Post(() =>
            {
                transaction.Respond(stack.CreateResponse(cancel, 200, toTag: invite.LocalTag));
                open?.Cancelled?.Invoke(cancel);
            });
            return;
        }

        stack.Counters.Increment(SipCounter.CancelsUnmatched);
        if (stack.Guard.MayAnswer(flow) && HasRoom(cancel, flow))
            Answer(stack.CreateResponse(cancel, 481), cancel, flow);
    }

    private void ReceiveWithinDialog(SipRequest request, SipFlow flow)
    {
        if (stack.Calls.TryFind(DialogId.OfRequest(request), out var call))
        {
            var transaction = BeginWithin(request, flow, call.Mailbox);
            transaction?.Mailbox.Post(() => call.ReceiveRequest(transaction, flow));
            return;
        }

        stack.Counters.Increment(SipCounter.RequestsWithoutDialog);
        if (!stack.Guard.MayAnswer(flow) || !HasRoom(request, flow))
            return;

        // A method that we do not serve is refused as such even here: 481 would say that it might work elsewhere.
        var refusal = stack.Capabilities.IsAllowed(request.Method) ? null : stack.Screen.Check(request);
        Answer(refusal ?? stack.CreateResponse(request, 481), request, flow);
    }

    private void ReceiveOutsideDialog(SipRequest request, SipFlow flow)
    {
        if (Table.IsMerged(request))
        {
            // Its twin was admitted; to ask again would take its credentials for a replay.
            stack.Counters.Increment(SipCounter.MergedRequests);
            if (HasRoom(request, flow))
                Answer(stack.CreateResponse(request, 482), request, flow);
        }
        else if (request.Method == SipMethods.Options)
        {
            if (stack.Guard.MayAnswer(flow) && HasRoom(request, flow))
                Answer(stack.Screen.Check(request) ?? AnswerOptions(request), request, flow);
        }
        else if (IsAdmitted(request, flow, out var admission) && HasRoom(request, flow))
        {
            Serve(request, flow, admission);
        }
    }

    private void Serve(SipRequest request, SipFlow flow, SipAdmission admission)
    {
        if (stack.Screen.Check(request) is { } refusal)
        {
            Answer(refusal, request, flow);
        }
        else if (request.Method == SipMethods.Invite)
        {
            ReceiveInvite(request, flow, admission);
        }
        else if (request.Method == SipMethods.Message && stack.Handler is { } handler)
        {
            ReceiveMessage(request, flow, handler);
        }
        else
        {
            // BYE and its like make no sense outside a dialog (section 15.1.2).
            stack.Counters.Increment(SipCounter.RequestsWithoutDialog);
            Answer(stack.CreateResponse(request, 481), request, flow);
        }
    }

    private void ReceiveInvite(SipRequest invite, SipFlow flow, SipAdmission admission)
    {
        if (stack.Handler is null)
        {
            Answer(stack.CreateResponse(invite, 480), invite, flow);
            return;
        }

        if (stack.IsDraining)
        {
            stack.Counters.Increment(SipCounter.DrainingRejected);
            SendStateless(stack.CreateUnavailable(invite, StatelessTag.Of(invite)), invite, flow);
            return;
        }

        var source = SourceKey.Of(flow);
        if (stack.Calls.Count >= stack.Options.MaxCalls || stack.Calls.CountOf(source) >= stack.Guard.LimitsOf(flow).Calls)
        {
            RefuseFull(invite, flow);
            return;
        }

        var call = SipCall.CreateIncoming(stack, invite, flow);
        call.Peer = admission.Peer;
        if (admission.Credentials is { } credentials)
            call.Dialog!.Digest = new DigestClient(credentials);
        if (!stack.Calls.TryAdd(call, stack.Options.MaxCalls, source))
        {
            RefuseFull(invite, flow);
            return;
        }

        if (Begin(invite, flow, call.Mailbox) is not InviteServerTransaction transaction)
        {
            stack.Calls.Remove(call);
            return;
        }

        stack.Counters.Increment(SipCounter.IncomingCalls);
        call.Mailbox.Post(() => call.BeginIncoming(transaction));
    }

    /// <summary>RFC 3428 section 7; the application's answer is final.</summary>
    private void ReceiveMessage(SipRequest message, SipFlow flow, ISipCallHandler handler)
    {
        ServerTransaction? transaction = null;
        transaction = Begin(message, flow, new Mailbox(e =>
        {
            stack.OnFault(e);
            transaction?.Respond(stack.CreateResponse(message, 500));
        }));
        transaction?.Mailbox.Post(() =>
        {
            var reply = handler.OnMessage(message);
            var response = stack.CreateResponse(message, reply.StatusCode, reply.Reason);
            if (reply.StatusCode == 405)
                stack.Capabilities.PutAllow(response);
            foreach (var (name, value) in reply.Headers)
                response.Headers.Add(name, value);
            transaction.Respond(response);
        });
    }

    private SipResponse AnswerOptions(SipRequest request)
    {
        if (stack.IsDraining)
        {
            stack.Counters.Increment(SipCounter.DrainingRejected);
            return stack.CreateUnavailable(request);
        }

        var response = stack.CreateResponse(request, 200);
        stack.Capabilities.PutAll(response);
        return response;
    }

    /// <summary>
    /// State is kept only for peers: a challenge, and whatever a stranger gets, is forgotten once it is sent (section 22.1 with 8.2.7),
    /// so that no spoofed address makes us repeat it.
    /// </summary>
    private bool IsAdmitted(SipRequest request, SipFlow flow, out SipAdmission admission)
    {
        admission = stack.Guard.Admit(request, flow);
        if (admission.Status == 0)
            return admission.IsAccepted;
        bool isStateless = admission.Status is 401 or 407 || !stack.Guard.Knows(flow);
        var response = stack.CreateResponse(request, admission.Status, admission.Reason, isStateless ? StatelessTag.Of(request) : null);
        foreach (var (name, value) in admission.Headers)
            response.Headers.Add(name, value);
        if (isStateless)
            SendStateless(response, request, flow);
        else if (HasRoom(request, flow))
            Answer(response, request, flow);
        return false;
    }

    /// <summary>Whether one more request that begins something is taken on; if not, it has been refused.</summary>
    private bool HasRoom(SipRequest request, SipFlow flow)
    {
        if (Table.Count < stack.Options.MaxTransactions && Table.CountOf(SourceKey.Of(flow)) < stack.Guard.LimitsOf(flow).Transactions)
            return true;
        RefuseFull(request, flow);
        return false;
    }

    /// <summary>
    /// For what belongs to a running call there is more room than for what is new, in all and for its source: a full table must not keep
    /// anybody from hanging up, and nobody's calls may fill the table of all.
    /// </summary>
    private ServerTransaction? BeginWithin(SipRequest request, SipFlow flow, Mailbox mailbox)
    {
        if (Table.Count < WithAQuarterMore(stack.Options.MaxTransactions)
            && Table.CountOf(SourceKey.Of(flow)) < WithAQuarterMore(stack.Guard.PeerLimits.Transactions))
        {
            return Begin(request, flow, mailbox);
        }

        RefuseFull(request, flow);
        return null;
    }

    private static long WithAQuarterMore(int limit) => limit + (limit / 4L) + 1;

    /// <summary>One final answer from a transaction of its own, which then absorbs repeats and the ACK.</summary>
    private void Answer(SipResponse response, SipRequest request, SipFlow flow)
    {
        var transaction = Begin(request, flow, new Mailbox(stack.OnFault));
        transaction?.Mailbox.Post(() => transaction.Respond(response));
    }

    /// <summary>Null when another thread began the same transaction at the same moment: then this is a repeat.</summary>
    private ServerTransaction? Begin(SipRequest request, SipFlow flow, Mailbox mailbox)
    {
        var path = new ResponsePath(flow, request.TopVia, stack.Transports);
        ServerTransaction transaction = request.Method == SipMethods.Invite
            ? new InviteServerTransaction(request, path, stack.Transactions, mailbox)
            : new NonInviteServerTransaction(request, path, stack.Transactions, mailbox);
        if (Table.TryAdd(transaction, SourceKey.Of(flow)))
            return transaction;
        Absorb(request);
        return null;
    }

    private void RefuseFull(SipRequest request, SipFlow flow)
    {
        stack.Counters.Increment(SipCounter.OverloadRejected);
        SendStateless(stack.CreateUnavailable(request, StatelessTag.Of(request)), request, flow);
    }

    /// <summary>Section 8.2.7: whatever repeats the request gets the same answer; its ACK is known by the tag.</summary>
    private void SendStateless(SipResponse response, SipRequest request, SipFlow flow)
    {
        stack.Counters.Increment(SipCounter.ResponsesSent);
        new ResponsePath(flow, request.TopVia, stack.Transports).Send(response.ToBytes());
    }
}
