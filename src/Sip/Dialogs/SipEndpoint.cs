namespace VoiceGateway.Sip;

/// <summary>
/// A SIP user agent (RFC 3261): listens, answers what needs no call by itself, hands calls to its handler and places calls.
/// Disposing it leaves no socket, timer or task; calls that are still up are told once and ended.
/// </summary>
public sealed class SipEndpoint : IAsyncDisposable
{
    private readonly SipStack _stack;
    private bool _isStarted;

    /// <param name="options">Checked here.</param>
    /// <param name="handler">Takes incoming calls; null: they are answered 480.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public SipEndpoint(SipEndpointOptions options, ISipCallHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        SipEndpointOptionsCheck.Check(options);
        _stack = new SipStack(options, handler);
    }

    /// <summary>For tests with a transport in memory.</summary>
    internal SipEndpoint(SipStack stack) => _stack = stack;

    /// <summary>The listen entries as bound, with the real port where 0 was asked for; empty before the start.</summary>
    public IReadOnlyList<SipListen> BoundEndPoints => _stack.Transports.Bound;

    /// <summary>While set, new INVITEs and OPTIONS are answered 503 with Retry-After; calls go on.</summary>
    public bool IsDraining
    {
        get => _stack.IsDraining;
        set => _stack.IsDraining = value;
    }

    /// <summary>Calls of both directions, from INVITE to their end.</summary>
    public int ActiveCalls => _stack.Calls.Count;

    /// <summary>Transactions held; after UDP they linger up to 32 s (RFC 3261 section 17) and cost nothing but memory.</summary>
    public int ActiveTransactions => _stack.Transactions.Table.Count;

    public SipCounters Counters => _stack.Counters;

    /// <summary>Our TLS certificate and until when it is valid; null: none is configured.</summary>
    public SipCertificateState? Certificate => _stack.Transports.Certificate;

    /// <summary>Places that failed lately and are tried last for a while (RFC 3263 section 4.3).</summary>
    public IReadOnlyList<SipListedHop> ListedHops => _stack.BlackList.Snapshot();

    /// <summary>Opens every listen entry, or none.</summary>
    /// <exception cref="SipBindException">An entry cannot be opened; the message names it.</exception>
    /// <exception cref="InvalidOperationException">Started before.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isStarted)
            throw new InvalidOperationException("The SIP endpoint has been started before.");
        _isStarted = true;
        return _stack.Transports.StartAsync(_stack);
    }

    /// <summary>
    /// Places a call and completes with the final response. Refusals, silence and cancellation are values, not exceptions.
    /// </summary>
    /// <param name="call">Whom to call, and how.</param>
    /// <param name="cancellationToken">Gives the call up: CANCEL is sent, and the result is 487 once the callee has answered it.</param>
    /// <exception cref="ArgumentException">A header would not stay on its line.</exception>
    public Task<SipCallResult> CallAsync(SipOutgoingCall call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        SipCall.CheckHeaders(call.Headers);
        return OutgoingInvite.RunAsync(_stack, call, cancellationToken);
    }

    /// <summary>Asks a peer whether it is there. Null: no answer within 64*T1, not reachable, or cancelled.</summary>
    public Task<SipResponse?> OptionsAsync(SipUri target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        return OptionsProbe.RunAsync(_stack, target, cancellationToken);
    }

    /// <summary>
    /// Sends a request outside of any call, such as MESSAGE; its refusals are values. Null: no answer within 64*T1, not reachable, or cancelled.
    /// </summary>
    /// <exception cref="ArgumentException">The method begins a dialog or belongs within one; or a header would not stay on its line.</exception>
    public Task<SipResponse?> SendAsync(SipOutgoingRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Method is SipMethods.Invite or SipMethods.Ack or SipMethods.Cancel or SipMethods.Bye or SipMethods.Prack or SipMethods.Update
            or SipMethods.Subscribe or SipMethods.Refer or SipMethods.Register || !SipGrammar.IsToken(request.Method))
            throw new ArgumentException($"{request.Method} is not sent this way.", nameof(request));
        SipCall.CheckHeaders([.. request.Headers, (SipHeaderNames.ContentType, request.ContentType)]);
        return StandaloneRequest.RunAsync(_stack, request, "anonymous", cancellationToken);
    }

    /// <summary>
    /// Binds an address of record to us at a registrar, and keeps it so until the registration is disposed. To be called after the start.
    /// Refusals and silence show in its status.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public SipRegistration Register(SipRegistrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var registration = new SipRegistration(_stack, options);
        _stack.Registrations.Add(registration);
        registration.Begin();
        return registration;
    }

    /// <summary>The way to a peer that a call would take: see <see cref="SipPath"/>; null when there is none. Connects where the transport has connections.</summary>
    public Task<SipPath?> FindPathAsync(SipUri target, CancellationToken cancellationToken = default) => _stack.FindPathAsync(target, cancellationToken);

    public ValueTask DisposeAsync() => _stack.DisposeAsync();
}
