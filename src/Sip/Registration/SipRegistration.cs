namespace VoiceGateway.Sip;

/// <summary>
/// Keeps one address of record bound to us at a registrar, until it is disposed (RFC 3261 section 10.2, back-off by RFC 5626 section 4.5).
/// <code>
/// Registering --2xx--> Registered --80 to 90 % of expires: refresh--> Registered
///     |                    +--flow lost: at once--+
///     +--silence, 5xx--> Retrying --pause--> (again)
///     +--401, 403, 404...--> Failed --longest pause--> (again)
/// </code>
/// </summary>
public sealed class SipRegistration : IAsyncDisposable
{
    private readonly SipStack _stack;
    private readonly SipRegistrationOptions _options;
    private readonly RegistrationIdentity _identity;
    private readonly Mailbox _mailbox;
    private readonly MailboxTimer _next;
    private readonly MailboxTimer _limit;
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RegisterRequest? _current;
    private SipFlow? _flow;
    private FlowTerms _terms;
    private IDisposable? _lease;
    private CancellationTokenRegistration _lost;
    private SipUri? _bound;
    private long _boundAt;
    private bool _isLeaving;
    private volatile SipRegistrationStatus _status = new(SipRegistrationState.Registering);
    private volatile IReadOnlyList<SipNameAddress> _serviceRoute = [];

    internal SipRegistration(SipStack stack, SipRegistrationOptions options)
    {
        _stack = stack;
        _options = options;
        _identity = new RegistrationIdentity(options.Credentials);
        _mailbox = new Mailbox(OnFault);
        _next = new MailboxTimer(stack.Time, _mailbox, Register);
        _limit = new MailboxTimer(stack.Time, _mailbox, Leave);
    }

    public SipRegistrationOptions Options => _options;

    public SipRegistrationStatus Status => _status;

    /// <summary>The registrar wants our calls to pass these first (RFC 3608); empty: it said nothing of the kind.</summary>
    public IReadOnlyList<SipNameAddress> ServiceRoute => _serviceRoute;

    /// <summary>
    /// A call placed through this registration: by its proxy and Service-Route, else by the call's own proxy; with its credentials where that leads to
    /// the registrar and the call has none of its own; from its address of record if it names no other.
    /// </summary>
    public SipOutgoingCall Through(SipOutgoingCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var proxy = _options.Proxy ?? (_serviceRoute.Count > 0 ? null : call.Proxy);
        bool isOurs = call.Credentials is null && GoesHome(proxy ?? call.To);
        return call with
        {
            From = call.From ?? new SipNameAddress(_options.AddressOfRecord.WithoutParameters()),
            Credentials = isOurs ? _options.Credentials : call.Credentials,
            Digest = isOurs ? _identity.Digest : null,
            Proxy = proxy,
            Routes = _serviceRoute,
        };
    }

    /// <summary>Registers now instead of when it is due; nothing happens while a REGISTER is under way.</summary>
    public void Refresh() => _mailbox.Post(Register);

    /// <summary>Ends the binding and waits for that, but not longer than <see cref="SipRegistrationOptions.UnregisterLimit"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        _mailbox.Post(Unregister);
        await _gone.Task.ConfigureAwait(false);
    }

    public override string ToString() => $"{_options.AddressOfRecord} {_status.State} ({_options.Registrar})";

    internal void Begin() => _mailbox.Post(Register);

    /// <summary>The endpoint goes: tell the registrar once, wait for nothing.</summary>
    internal void Abandon() => _mailbox.Post(() =>
    {
        Unregister();
        Leave();
    });

    private void Register()
    {
        if (_isLeaving || _current is not null)
            return;
        _next.Stop();
        var expires = _options.Expires > _identity.LeastExpires ? _options.Expires : _identity.LeastExpires;
        _current = new RegisterRequest(_stack, _mailbox, _options, _identity, expires, _bound, OnCompleted);
        _current.Start();
    }

    private void OnCompleted(RegisterRequest request, SipResponse? response, ClientFailure? failure)
    {
        if (request != _current)
            return;
        _current = null;
        if (_isLeaving)
        {
            Leave();
            return;
        }

        if (response is { IsSuccess: true } && RegistrationBinding.Granted(response, request.Contact!, request.Expires) is var granted && granted > TimeSpan.Zero)
            OnBound(request, response, granted);
        else
            OnRefused(request, response, failure);
    }

    private void OnBound(RegisterRequest request, SipResponse response, TimeSpan granted)
    {
        Hold(request.Flow!, FlowTerms.Of(response, _options.KeepAlive));
        _bound = request.Contact;
        _boundAt = _stack.Time.GetTimestamp();
        _serviceRoute = ReadRoutes(response);
        var pause = RegistrationBinding.RefreshAfter(granted);
        _next.Start(pause);
        Change(new SipRegistrationStatus(SipRegistrationState.Registered)
        {
            StatusCode = response.StatusCode,
            Reason = response.ReasonPhrase,
            ExpiresAt = _stack.Time.GetUtcNow() + granted,
            NextAttemptAt = _stack.Time.GetUtcNow() + pause,
            Peer = request.Flow!.RemoteEndPoint,
            Transport = request.Flow.Kind,
            Contact = request.Contact,
        });
    }

    private void OnRefused(RegisterRequest request, SipResponse? response, ClientFailure? failure)
    {
        _stack.Counters.Increment(SipCounter.RegistrationFailures);
        int failures = _status.Failures + 1;
        bool isForGood = response is not null && RegistrationPause.IsForGood(response.StatusCode);
        var pause = isForGood ? RegistrationPause.Longest(_options) : RegistrationPause.After(failures, _options);
        if (response is not null && RetryAfter.Read(response) is { } wanted && wanted > pause)
            pause = wanted < RegistrationBinding.Longest ? wanted : RegistrationBinding.Longest;
        _next.Start(pause);
        Change(_status with
        {
            State = isForGood ? SipRegistrationState.Failed : SipRegistrationState.Retrying,
            StatusCode = response?.StatusCode,
            Reason = response switch
            {
                { IsSuccess: true } => "Not Bound",
                not null => response.ReasonPhrase,
                null => failure == ClientFailure.TimedOut ? "No Answer" : "Not Reachable",
            },
            NextAttemptAt = _stack.Time.GetUtcNow() + pause,
            Failures = failures,
            Peer = request.Flow?.RemoteEndPoint,
            Transport = request.Flow?.Kind,
        });
    }

    private void Unregister()
    {
        if (_isLeaving)
            return;
        _isLeaving = true;
        bool mayBeBound = _bound is not null || _current is not null;
        var flow = _flow ?? _current?.Flow;
        _next.Stop();
        _current?.Stop(); // its successor has a higher CSeq, by which the registrar tells them apart
        if (!mayBeBound)
        {
            Leave();
            return;
        }

        _limit.Start(_options.UnregisterLimit);
        _current = new RegisterRequest(_stack, _mailbox, _options, _identity, TimeSpan.Zero, _bound, OnCompleted);
        if (flow is { IsOpen: true })
            _current.Start(flow);
        else
            _current.Start();
    }

    private void Leave()
    {
        _limit.Stop();
        _current?.Stop();
        _current = null;
        Hold(null, default);
        _bound = null;
        _stack.Registrations.Remove(this);
        if (_status.State != SipRegistrationState.Unregistered)
            Change(_status with { State = SipRegistrationState.Unregistered, ExpiresAt = null, NextAttemptAt = null });
        _gone.TrySetResult();
    }

    /// <summary>The flow of the binding is the way by which calls come: it is kept open, and its end noticed.</summary>
    private void Hold(SipFlow? flow, FlowTerms terms)
    {
        if (flow == _flow && terms == _terms)
            return;
        var lease = _lease;
        _lost.Unregister();
        _flow = flow;
        _terms = terms;
        _lease = flow?.KeepAlive(terms.Interval, terms.ExpectsPong);
        _lost = flow is null ? default : flow.Closed.UnsafeRegister(_ => _mailbox.Post(() => OnLost(flow)), null);
        lease?.Dispose();
    }

    /// <summary>
    /// A connection that is gone takes the calls to us with it: a new one is registered at once (RFC 5626 section 4.5), but not again and
    /// again with a registrar that hangs up on everybody.
    /// </summary>
    private void OnLost(SipFlow flow)
    {
        if (_isLeaving || flow != _flow || _current is not null || _status.State != SipRegistrationState.Registered)
            return;
        if (_stack.Time.GetElapsedTime(_boundAt) >= _options.RetryBase)
        {
            Register();
            return;
        }

        var pause = RegistrationPause.After(0, _options);
        var due = _stack.Time.GetUtcNow() + pause;
        if (due >= _status.NextAttemptAt)
            return;
        _next.Start(pause);
        Change(_status with { NextAttemptAt = due });
    }

    private void Change(SipRegistrationStatus status)
    {
        _status = status;
        _options.OnChanged?.Invoke(status);
    }

    /// <summary>What has not been asked for is told only to those who know us: our proxies and the registrar's domain.</summary>
    private bool GoesHome(SipUri target) =>
        _options.Proxy is not null || _serviceRoute.Count > 0
        || target.Host.Equals(_options.Registrar.Host, StringComparison.OrdinalIgnoreCase)
        || target.Host.Equals(_options.AddressOfRecord.Host, StringComparison.OrdinalIgnoreCase);

    private static List<SipNameAddress> ReadRoutes(SipResponse response)
    {
        List<SipNameAddress> routes = [];
        foreach (var value in response.Headers.GetAll(SipHeaderNames.ServiceRoute))
        {
            if (SipNameAddress.TryParse(value, out var route))
                routes.Add(route!);
        }

        return routes;
    }

    /// <summary>Our code threw, or a callback: the registration goes on at the next due time.</summary>
    private void OnFault(Exception exception)
    {
        _stack.OnFault(exception);
        if (_isLeaving)
            _gone.TrySetResult();
        else if (_current is null && !_next.IsRunning)
            _next.Start(_options.RetryMost);
    }
}
