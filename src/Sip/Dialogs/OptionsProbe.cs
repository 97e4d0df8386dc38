namespace VoiceGateway.Sip;

/// <summary>One OPTIONS outside any dialog (RFC 3261 section 11.1).</summary>
internal sealed class OptionsProbe(SipStack stack, SipUri target) : IClientTransactionUser
{
    private readonly Mailbox _mailbox = new(stack.OnFault);
    private readonly TaskCompletionSource<SipResponse?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NonInviteClientTransaction? _transaction;

    public static async Task<SipResponse?> RunAsync(SipStack stack, SipUri target, CancellationToken cancellationToken)
    {
        var probe = new OptionsProbe(stack, target);
        using var cancelling = cancellationToken.Register(() => probe._mailbox.Post(probe.Cancel));
        probe._mailbox.Post(probe.Begin);
        return await probe._result.Task.ConfigureAwait(false);
    }

    public void OnResponse(SipResponse response)
    {
        if (response.IsFinal)
            _result.TrySetResult(response);
    }

    public void OnFailed(ClientFailure failure) => _result.TrySetResult(null);

    private void Begin() => stack.OpenFlow(target, _mailbox, flow =>
    {
        if (flow is null || _result.Task.IsCompleted)
        {
            _result.TrySetResult(null);
            return;
        }

        var (host, _) = stack.Transports.SentBy(flow);
        var uri = target.WithoutHeaders();
        var request = SipRequest.Create(
            SipMethods.Options, uri, new SipNameAddress(new SipUri("probe", host)).WithTag(SipIdentifiers.NewTag()), new SipNameAddress(uri), SipIdentifiers.NewCallId(), 1);
        request.Headers.InsertFirst(SipHeaderNames.Via, stack.CreateVia(flow).ToString());
        request.Contact = stack.CreateContact(flow, "probe");
        request.Headers.Set(SipHeaderNames.UserAgent, stack.Options.UserAgent);
        SipCapabilities.PutAccept(request);
        _transaction = new NonInviteClientTransaction(request, flow, stack.Transactions, _mailbox, this);
        _transaction.Start();
    });

    private void Cancel()
    {
        _transaction?.Terminate();
        _result.TrySetResult(null);
    }
}
