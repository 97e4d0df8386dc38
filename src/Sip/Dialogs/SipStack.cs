namespace VoiceGateway.Sip;

/// <summary>
/// The layers of one endpoint, and the way of a message through them:
/// <code>transport -> parser -> transaction (absorbs repeats) -> dialog's call, or user agent server for what is new</code>
/// </summary>
internal sealed class SipStack : ISipTransportSink, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly UserAgentServer _server;
    private readonly Func<SipHop, CancellationToken, ValueTask<SipFlow?>> _openHop;
    private volatile bool _isStopping;

    public SipStack(SipEndpointOptions options, ISipCallHandler? handler)
    {
        Options = options;
        Handler = handler;
        Tasks = new TaskTracker(OnFault);
        Transports = new SipTransports(options, Tasks);
        Locator = new SipLocator(options.Resolution, options.TimeProvider, Counters, Transports.CanReach);
        BlackList = new HopBlackList(options.TimeProvider);
        _openHop = Transports.OpenFlowAsync;
        Transactions = new TransactionContext(options.TimeProvider, options.Timers, Counters, new TransactionTable());
        Capabilities = new SipCapabilities(options, handler);
        Screen = new RequestScreen(this);
        Guard = new SipGuard(this);
        _server = new UserAgentServer(this);
    }

    public SipEndpointOptions Options { get; }

    public ISipCallHandler? Handler { get; }

    public SipCounters Counters { get; } = new();

    public SipLimits Limits => Options.Limits;

    public TimeProvider Time => Options.TimeProvider;

    public SipTimerOptions Timers => Options.Timers;

    public TaskTracker Tasks { get; }

    public SipTransports Transports { get; }

    public SipLocator Locator { get; }

    public HopBlackList BlackList { get; }

    public TransactionContext Transactions { get; }

    public CallTable Calls { get; } = new();

    public RegistrationTable Registrations { get; } = new();

    public SipCapabilities Capabilities { get; }

    public RequestScreen Screen { get; }

    public SipGuard Guard { get; }

    public bool IsDraining { get; set; }

    public bool IsStopping => _isStopping;

    public void OnMessage(ReadOnlySpan<byte> message, SipFlow flow)
    {
        if (_isStopping)
            return;
        try
        {
            if (Guard.Passes(message, flow))
                Dispatch(message, flow.Kept());
        }
        catch (Exception e)
        {
            OnFault(e); // one message lost, not the connection that brought it
        }
    }

    public bool Knows(in SipSource source) => Guard.Knows(source);

    public bool MayAnswer(SipFlow flow) => Guard.MayAnswer(flow, SipOffenceKind.Malformed);

    public void OnFault(Exception exception)
    {
        Counters.Increment(SipCounter.Faults);
        try
        {
            Options.OnFault?.Invoke(exception);
        }
        catch (Exception)
        {
            // Whoever should have logged the fault has one: nobody is left to tell, and a mailbox must go on.
            Counters.Increment(SipCounter.Faults);
        }
    }

    /// <summary>A response with Server and, where it has none yet, the tag of our side.</summary>
    public SipResponse CreateResponse(SipRequest request, int status, string? reason = null, string? toTag = null)
    {
        var response = request.CreateResponse(status, reason, status == 100 ? null : toTag ?? SipIdentifiers.NewTag());
        response.Headers.Set(SipHeaderNames.Server, Options.UserAgent);
        return response;
    }

    /// <summary>503 with Retry-After: full, or draining.</summary>
    public SipResponse CreateUnavailable(SipRequest request, string? toTag = null)
    {
        var response = CreateResponse(request, 503, toTag: toTag);
        response.Headers.Set(SipHeaderNames.RetryAfter, ((int)Options.RetryAfter.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return response;
    }

    /// <summary>Our Via for a request along this flow; rport asks for the answer to come back the same way (RFC 3581).</summary>
    public SipVia CreateVia(SipFlow flow)
    {
        var (host, port) = Transports.SentBy(flow);
        var via = new SipVia(flow.Kind.ViaName(), host, port, SipIdentifiers.NewBranch(), requestRport: true);
        return flow.OffersReuse ? via.WithParameter("alias") : via;
    }

    public SipNameAddress CreateContact(SipFlow flow, string? user)
    {
        var (host, port) = Transports.SentBy(flow);
        var uri = new SipUri(user, host, port);
        return new SipNameAddress(flow.Kind == SipTransportKind.Udp ? uri : uri.WithParameter("transport", flow.Kind.UriName()));
    }

    /// <summary>
    /// Finds the way to the next hop and goes on in the mailbox: at once where no name has to be resolved and no connection
    /// opened. Null: there is none.
    /// </summary>
    public void OpenFlow(SipUri nextHop, Mailbox mailbox, Action<SipFlow?> next)
    {
        if (_isStopping)
        {
            next(null);
            return;
        }

        Continue(OpenFlowAsync(nextHop, _stop.Token), null, mailbox, next);
    }

    /// <summary>
    /// Finds all the ways to the next hop, for a request that goes on to the next one when one fails (RFC 3263 section 4.3), and
    /// continues in the mailbox: at once where no name has to be resolved. There may be none: see <see cref="HopSequence.Count"/>.
    /// </summary>
    public void Locate(SipUri nextHop, Mailbox mailbox, Action<HopSequence> next)
    {
        if (_isStopping)
            next(HopSequence.Empty);
        else
            Continue(LocateAsync(nextHop, _stop.Token), HopSequence.Empty, mailbox, next);
    }

    /// <summary>The next way of a located target, continuing in the mailbox: at once where no connection has to be opened. Null: none is left.</summary>
    public void OpenNext(HopSequence hops, Mailbox mailbox, Action<SipFlow?> next)
    {
        if (_isStopping)
            next(null);
        else
            Continue(hops.NextAsync(_stop.Token), null, mailbox, next);
    }

    /// <summary>A request too large for UDP goes by TCP where the peer has it (RFC 3261 section 18.1.1); goes on in the mailbox, at once where nothing has to be opened.</summary>
    public void Widen(SipFlow flow, int requestBytes, Mailbox mailbox, Action<SipFlow> next)
    {
        if (_isStopping)
            next(flow);
        else
            Continue(Transports.WidenAsync(flow, requestBytes, _stop.Token), flow, mailbox, next);
    }

    /// <summary>The way for a request within a dialog; where its target cannot be found, the way by which the peer last came.</summary>
    public void OpenFlow(SipDialog dialog, Mailbox mailbox, Action<SipFlow?> next)
    {
        if (dialog.PreferredFlow is { IsOpen: true } flow)
            next(flow);
        else
            OpenFlow(dialog.NextHop, mailbox, found => next(found ?? (dialog.Flow.IsOpen ? dialog.Flow : null)));
    }

    public async Task<SipPath?> FindPathAsync(SipUri target, CancellationToken cancellationToken)
    {
        var flow = await OpenFlowAsync(target, cancellationToken).ConfigureAwait(false);
        return flow is null ? null : new SipPath(flow.Kind, flow.RemoteEndPoint, flow.LocalEndPoint.Address, Transports.Advertised.Address(flow));
    }

    public async ValueTask DisposeAsync()
    {
        if (_isStopping)
            return;
        _isStopping = true;
        foreach (var registration in Registrations.All)
            registration.Abandon();
        foreach (var call in Calls.All)
            call.Abandon();
        await _stop.CancelAsync().ConfigureAwait(false);
        await Transports.DisposeAsync().ConfigureAwait(false);
        await Locator.DisposeAsync().ConfigureAwait(false);
        await Tasks.DrainAsync().ConfigureAwait(false);
        foreach (var call in Calls.All)
            call.Abandon(); // one that was just being set up
        Transactions.TerminateAll();
        _stop.Dispose();
    }

    private async ValueTask<HopSequence> LocateAsync(SipUri nextHop, CancellationToken cancellationToken) =>
        new(await Locator.LocateAsync(nextHop, cancellationToken).ConfigureAwait(false), BlackList, _openHop);

    private async ValueTask<SipFlow?> OpenFlowAsync(SipUri nextHop, CancellationToken cancellationToken)
    {
        var hops = await LocateAsync(nextHop, cancellationToken).ConfigureAwait(false);
        return await hops.NextAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes on in the mailbox with what is pending, at once where it is there already; with <paramref name="otherwise"/> when disposed meanwhile.</summary>
    private void Continue<T>(ValueTask<T> pending, T otherwise, Mailbox mailbox, Action<T> next)
    {
        if (pending.IsCompletedSuccessfully)
        {
            next(pending.Result);
            return;
        }

        Tasks.Run(async () =>
        {
            var result = otherwise;
            try
            {
                result = await pending.ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Disposed meanwhile: nothing is reachable any more.
            }
            catch (Exception e)
            {
                OnFault(e); // ours; but whoever waits goes on
            }

            mailbox.Post(() => next(result));
        });
    }

    private void Dispatch(ReadOnlySpan<byte> message, SipFlow flow)
    {
        switch (SipParser.TryParse(message, Limits, out var parsed, out var error))
        {
            case SipParseResult.Message when parsed is SipRequest request:
                Counters.Increment(SipCounter.RequestsReceived);
                Transports.Learn(request, flow);
                _server.Receive(request, flow);
                break;
            case SipParseResult.Message when parsed is SipResponse response:
                Counters.Increment(SipCounter.ResponsesReceived);
                Receive(response);
                break;
            case SipParseResult.KeepAlive:
                Counters.Increment(SipCounter.KeepAlivesReceived);
                break;
            case SipParseResult.Rejected:
                // Its Via may be what is wrong with it: the answer goes to where it came from.
                Counters.Increment(SipCounter.MalformedRejected);
                if (MayAnswer(flow))
                    flow.Send(error.Answer!.ToBytes());
                break;
            default:
                Counters.Increment(SipCounter.MalformedDropped);
                Guard.Offences.Add(flow, SipOffenceKind.Malformed);
                break;
        }
    }

    /// <summary>
    /// Our branches cannot be guessed, so that matching by branch also does what section 18.1.2 wants of the sent-by check.
    /// </summary>
    private void Receive(SipResponse response)
    {
        if (Transactions.Table.TryFind(ClientTransactionKey.Of(response), out var transaction))
            transaction.Mailbox.Post(() => transaction.Receive(response));
        else
            Counters.Increment(SipCounter.ResponsesUnmatched);
    }
}
