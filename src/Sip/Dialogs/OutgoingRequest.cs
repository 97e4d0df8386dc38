namespace VoiceGateway.Sip;

/// <summary>A non-INVITE request within a dialog, from finding its way to the final response. Runs in the call's mailbox.</summary>
internal sealed class OutgoingRequest(SipStack stack, Mailbox mailbox, Action<SipResponse?, ClientFailure?> completed) : IClientTransactionUser
{
    public void Send(SipDialog dialog, string method, Action<SipRequest>? decorate = null) => stack.OpenFlow(dialog, mailbox, flow =>
    {
        if (flow is null)
        {
            stack.Counters.Increment(SipCounter.SendFailures);
            completed(null, ClientFailure.TransportFailed);
            return;
        }

        var request = dialog.CreateRequest(method);
        request.Headers.InsertFirst(SipHeaderNames.Via, stack.CreateVia(flow).ToString());
        request.Headers.Set(SipHeaderNames.UserAgent, stack.Options.UserAgent);
        decorate?.Invoke(request);
        new NonInviteClientTransaction(request, flow, stack.Transactions, mailbox, this).Start();
    });

    public void OnResponse(SipResponse response)
    {
        if (response.IsFinal)
            completed(response, null);
    }

    public void OnFailed(ClientFailure failure) => completed(null, failure);
}
