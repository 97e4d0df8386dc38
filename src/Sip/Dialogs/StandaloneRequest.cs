namespace VoiceGateway.Sip;

/// <summary>One request outside of any dialog: from finding its way to its final response.</summary>
internal sealed class StandaloneRequest : IRequestAttemptsUser
{
    private readonly SipStack _stack;
    private readonly SipOutgoingRequest _wanted;
    private readonly string _user;
    private readonly Mailbox _mailbox;
    private readonly RequestAttempts _attempts;
    private readonly TaskCompletionSource<SipResponse?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StandaloneRequest(SipStack stack, SipOutgoingRequest wanted, string user)
    {
        _stack = stack;
        _wanted = wanted;
        _user = user;
        _mailbox = new Mailbox(OnFault);
        _attempts = new RequestAttempts(stack, _mailbox, this);
    }

    /// <summary>The final response; null: none came, nobody could be reached, or it was cancelled.</summary>
    /// <param name="stack">Sends it.</param>
    /// <param name="wanted">What to send.</param>
    /// <param name="user">Our name in Contact, and in From where none is given.</param>
    /// <param name="cancellationToken">Ends the waiting. There is no CANCEL but for INVITE (RFC 3261 section 9.1).</param>
    public static async Task<SipResponse?> RunAsync(SipStack stack, SipOutgoingRequest wanted, string user, CancellationToken cancellationToken)
    {
        var request = new StandaloneRequest(stack, wanted, user);
        using var cancelling = cancellationToken.Register(() => request._mailbox.Post(request.Cancel));
        request._mailbox.Post(request.Begin);
        return await request._result.Task.ConfigureAwait(false);
    }

    // A MESSAGE never has a Contact (RFC 3428 section 4), and PUBLISH makes nobody a target (RFC 3903 section 4).
    public void OnSending(SipRequest request, SipFlow flow)
    {
        if (request.Method is not (SipMethods.Message or SipMethods.Publish))
            request.Contact = _stack.CreateContact(flow, _wanted.From?.Uri.User ?? _user);
    }

    public void OnProvisional(SipResponse response)
    {
    }

    public void OnFinal(SipResponse response) => _result.TrySetResult(response);

    public void OnFailed(ClientFailure failure) => _result.TrySetResult(null);

    private void Begin()
    {
        if (_result.Task.IsCompleted)
            return; // cancelled before it began
        if (_wanted.Credentials is { } credentials)
            _attempts.Digest = new DigestClient(credentials);
        _attempts.Start(RouteSet.NextHop(RouteSet.Of(_wanted.Proxy, _wanted.Routes), _wanted.To), Create);
    }

    private SipRequest Create(SipFlow flow)
    {
        var (host, _) = _stack.Transports.SentBy(flow);
        var target = _wanted.To.WithoutHeaders();
        var from = (_wanted.From ?? new SipNameAddress(new SipUri(_user, host))).WithoutTag().WithTag(SipIdentifiers.NewTag());
        var request = SipRequest.Create(_wanted.Method, target, from, new SipNameAddress(target), SipIdentifiers.NewCallId(), 1);
        RouteSet.Put(request, RouteSet.Of(_wanted.Proxy, _wanted.Routes), target);
        request.Headers.Set(SipHeaderNames.UserAgent, _stack.Options.UserAgent);
        if (_wanted.Method == SipMethods.Options)
            SipCapabilities.PutAccept(request);
        foreach (var (name, value) in _wanted.Headers)
            request.Headers.Add(name, value);
        request.SetBody(_wanted.ContentType, _wanted.Body);
        return request;
    }

    private void Cancel()
    {
        _attempts.Stop();
        _attempts.Transaction?.Terminate();
        _result.TrySetResult(null);
    }

    private void OnFault(Exception exception)
    {
        _stack.OnFault(exception);
        _result.TrySetResult(null);
    }
}
