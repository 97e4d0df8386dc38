namespace VoiceGateway.Sip;

/// <summary>Requests received: to their transaction, their dialog, or a new call (RFC 3261 sections 8.2, 9.2, 12.2.2 and 17.2.3).</summary>
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
        if (!Table.TryFind(ServerTransactionKey.Of(request), out var transaction))
            return false;
        transaction.Mailbox.Post(() => transaction.Receive(request));
        return true;
    }

    private void ReceiveNew(SipRequest request, SipFlow flow)
    {
        if (Table.Count >= stack.Options.MaxTransactions)
            RefuseStateless(request, flow);
        else if (request.Method == SipMethods.Cancel)
            ReceiveCancel(request, flow);
        else if (request.To.Tag is not null)
            ReceiveWithinDialog(request, flow);
        else
            ReceiveOutsideDialog(request, flow);
    }

    // Section 9.2: the CANCEL is answered for itself; the INVITE, if still open, with 487.
    private void ReceiveCancel(SipRequest cancel, SipFlow flow)
    {
        if (Table.TryFind(ServerTransactionKey.OfCancelled(cancel), out var found) && found is InviteServerTransaction invite)
        {
            var transaction = Begin(cancel, flow, invite.Mailbox);
            transaction?.Mailbox.Post(() =>
            {
                transaction.Respond(stack.CreateResponse(cancel, 200, toTag: invite.LocalTag));
                invite.Cancelled?.Invoke(cancel);
            });
            return;
        }

        stack.Counters.Increment(SipCounter.CancelsUnmatched);
        Answer(stack.CreateResponse(cancel, 481), cancel, flow);
    }

    private void ReceiveWithinDialog(SipRequest request, SipFlow flow)
    {
        if (stack.Calls.TryFind(DialogId.OfRequest(request), out var call))
        {
            var transaction = Begin(request, flow, call.Mailbox);
            transaction?.Mailbox.Post(() => call.ReceiveRequest(transaction, flow));
            return;
        }

        // A method that we do not serve is refused as such even here: 481 would say that it might work elsewhere.
        stack.Counters.Increment(SipCounter.RequestsWithoutDialog);
        var refusal = stack.Capabilities.IsAllowed(request.Method) ? null : stack.Screen.Check(request);
        Answer(refusal ?? stack.CreateResponse(request, 481), request, flow);
    }

    private void ReceiveOutsideDialog(SipRequest request, SipFlow flow)
    {
        if (Table.IsMerged(request))
        {
            stack.Counters.Increment(SipCounter.MergedRequests);
            Answer(stack.CreateResponse(request, 482), request, flow);
        }
        else if (stack.Screen.Check(request) is { } refusal)
        {
            Answer(refusal, request, flow);
        }
        else if (request.Method == SipMethods.Invite)
        {
            ReceiveInvite(request, flow);
        }
        else if (request.Method == SipMethods.Options)
        {
            Answer(AnswerOptions(request), request, flow);
        }
        else
        {
            // BYE and its like make no sense outside a dialog (section 15.1.2).
            stack.Counters.Increment(SipCounter.RequestsWithoutDialog);
            Answer(stack.CreateResponse(request, 481), request, flow);
        }
    }

    private void ReceiveInvite(SipRequest invite, SipFlow flow)
    {
        if (stack.Handler is null)
        {
            Answer(stack.CreateResponse(invite, 480), invite, flow);
            return;
        }

        if (stack.IsDraining)
        {
            stack.Counters.Increment(SipCounter.DrainingRejected);
            Answer(stack.CreateUnavailable(invite), invite, flow);
            return;
        }

        var call = SipCall.CreateIncoming(stack, invite, flow);
        if (!stack.Calls.TryAdd(call, stack.Options.MaxCalls))
        {
            stack.Counters.Increment(SipCounter.OverloadRejected);
            Answer(stack.CreateUnavailable(invite), invite, flow);
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
        if (Table.TryAdd(transaction))
            return transaction;
        Absorb(request);
        return null;
    }

    /// <summary>Section 8.2.7: no state; whatever repeats it gets the same answer, but for the To tag, which nobody will use.</summary>
    private void RefuseStateless(SipRequest request, SipFlow flow)
    {
        stack.Counters.Increment(SipCounter.OverloadRejected);
        stack.Counters.Increment(SipCounter.ResponsesSent);
        new ResponsePath(flow, request.TopVia, stack.Transports).Send(stack.CreateUnavailable(request).ToBytes());
    }
}
