namespace VoiceGateway.Sip;

/// <summary>
/// A non-INVITE request within a dialog, from finding its way to the final response; challenges are answered with the dialog's
/// credentials. Runs in the call's mailbox.
/// </summary>
internal sealed class OutgoingRequest(SipStack stack, Mailbox mailbox, Action<SipResponse?, ClientFailure?> completed) : IClientTransactionUser
{
    private SipDialog? _dialog;
    private Action<SipRequest>? _sending;
    private SipRequest? _request;
    private int _tries;

    /// <param name="dialog">Whose next CSeq it takes.</param>
    /// <param name="method">Not INVITE and not ACK.</param>
    /// <param name="decorate">Puts what the request is about.</param>
    /// <param name="sending">Told the request as it leaves, and again when it leaves once more with credentials and another CSeq.</param>
    public void Send(SipDialog dialog, string method, Action<SipRequest>? decorate = null, Action<SipRequest>? sending = null)
    {
        _dialog = dialog;
        _sending = sending;
        Open(flow =>
        {
            var request = dialog.CreateRequest(method);
            request.Headers.InsertFirst(SipHeaderNames.Via, stack.CreateVia(flow).ToString());
            request.Headers.Set(SipHeaderNames.UserAgent, stack.Options.UserAgent);
            decorate?.Invoke(request);
            DialogCredentials.Put(dialog, request);
            Start(request, flow);
        });
    }

    public void OnResponse(SipResponse response)
    {
        if (response.IsProvisional)
            return;
        if (DialogCredentials.Answer(_dialog!, _request!, response, _tries) is { } again)
        {
            Open(flow =>
            {
                again.Headers.InsertFirst(SipHeaderNames.Via, stack.CreateVia(flow).ToString());
                Start(again, flow);
            });
            return;
        }

        if (response.IsSuccess)
            DialogCredentials.Passed(_dialog!, _request!);
        completed(response, null);
    }

    public void OnFailed(ClientFailure failure) => completed(null, failure);

    private void Open(Action<SipFlow> next) => stack.OpenFlow(_dialog!, mailbox, flow =>
    {
        if (flow is not null)
        {
            next(flow);
            return;
        }

        stack.Counters.Increment(SipCounter.SendFailures);
        completed(null, ClientFailure.TransportFailed);
    });

    private void Start(SipRequest request, SipFlow flow)
    {
        _tries++;
        _request = request;
        _sending?.Invoke(request);
        new NonInviteClientTransaction(request, flow, stack.Transactions, mailbox, this).Start();
    }
}
