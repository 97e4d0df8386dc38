using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>What goes on between the gateway and its trunks besides calls: registrations, and probes. From the start of the endpoint to its end.</summary>
public sealed partial class TrunkLinks(TrunkTable trunks, SipEndpoint sip, TimeProvider time, ILogger<TrunkLinks> log) : IAsyncDisposable
{
    // Not disposed: it has no timer, and disposing twice is to be harmless.
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<Trunk, SipRegistration> _registrations = [];
    private readonly Dictionary<Trunk, TrunkProbe> _probes = [];
    private readonly List<Task> _heldOpen = [];
    private Task _probing = Task.CompletedTask;

    /// <summary>Once the endpoint listens.</summary>
    public void Start()
    {
        foreach (var trunk in trunks.All)
        {
            if (trunk.Options.Register) _registrations[trunk] = sip.Register(Registration(trunk));
            if (trunk.Options.ProbeSeconds > 0) _probes[trunk] = new TrunkProbe(trunk, sip, time, isUp => LogProbe(trunk.Name, isUp ? "answers" : "does not answer"));
        }
        _probing = Task.WhenAll(_probes.Values.Select(p => p.RunAsync(_stop.Token)));
    }

    public SipRegistrationStatus? RegistrationOf(Trunk trunk) => _registrations.GetValueOrDefault(trunk)?.Status;

    public TrunkReachability? ReachabilityOf(Trunk trunk) => _probes.GetValueOrDefault(trunk)?.Last;

    /// <summary>A call as this trunk wants it: by its server, with its credentials, under its number, along its registration's route.</summary>
    /// <param name="trunk">One with a server.</param>
    /// <param name="call">To whom; without a From it gets the trunk's.</param>
    /// <param name="showsPassword">False: a challenge is the end of it, as nobody has said that this may be called at our cost.</param>
    public SipOutgoingCall Through(Trunk trunk, SipOutgoingCall call, bool showsPassword = true)
    {
        call = call with { From = call.From ?? CallerOf(trunk), Peer = trunk };
        if (!_registrations.TryGetValue(trunk, out var registration)) return call with { Credentials = showsPassword ? trunk.Own : null, Proxy = trunk.Server };
        // Its server sees the call first, wherever it goes: the password is the server's to ask for.
        if (!call.To.Host.Equals(trunk.Server!.Host, StringComparison.OrdinalIgnoreCase)) call = call with { Proxy = trunk.Server };
        if (showsPassword) return registration.Through(call);
        var routes = registration.ServiceRoute;
        return call with { Proxy = registration.Options.Proxy ?? (routes.Count > 0 ? null : call.Proxy), Routes = routes };
    }

    /// <summary>A number at the trunk's server, or a SIP URI as it is; null: neither.</summary>
    public static SipUri? Callee(Trunk trunk, string to)
    {
        if (to.Contains(':')) return SipUri.TryParse(to, out var uri) && uri is { IsSip: true } ? uri : null;
        return trunk.Server is { } server && SipUri.TryParse($"{server.Scheme}:{to}@{Authority(server)}", out var number) ? number : null;
    }

    /// <summary>Whom its callees see: what the call asks for, else what the trunk is set to, each a number of its domain or a SIP URI. Null: neither.</summary>
    public static SipNameAddress? CallerOf(Trunk trunk, string? wanted = null)
    {
        var caller = wanted is { Length: > 0 } ? wanted : trunk.Options.CallerId.Length > 0 ? trunk.Options.CallerId : trunk.Options.User;
        return caller.Length > 0 && Callee(trunk, caller) is { } uri ? new SipNameAddress(uri.WithoutParameters()) : null;
    }

    /// <summary>
    /// The registrars are told before the last call ends: nobody is to be sent here any more. The ways to them stay open until this is
    /// disposed of, for the calls that still run: a NAT would forget them within a minute.
    /// </summary>
    public async Task UnregisterAsync()
    {
        if (_heldOpen.Count == 0 && !_stop.IsCancellationRequested)
        {
            foreach (var registration in _registrations.Values)
                if (registration.Status is { ExpiresAt: not null, Transport: SipTransportKind.Udp, Peer: { } peer })
                    _heldOpen.Add(WayBack.HoldOpenAsync(sip, peer, time, _stop.Token));
        }
        await Task.WhenAll(_registrations.Values.Select(static r => r.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _probing.ConfigureAwait(false);
        await Task.WhenAll(_heldOpen).ConfigureAwait(false);
        await UnregisterAsync().ConfigureAwait(false);
    }

    private SipRegistrationOptions Registration(Trunk trunk)
    {
        var server = trunk.Server!;
        return new SipRegistrationOptions
        {
            Registrar = server.WithoutParameters(),
            AddressOfRecord = new SipUri(trunk.Options.User, server.Host, server.Port),
            Credentials = trunk.Own,
            // The registrar's name is a domain; where it is, and by which transport, is the server's URI to say.
            Proxy = server.Parameters.Count > 0 ? server : null,
            Expires = TimeSpan.FromSeconds(trunk.Options.RegisterSeconds),
            OnChanged = status => Changed(trunk, status),
        };
    }

    private void Changed(Trunk trunk, SipRegistrationStatus status)
    {
        if (status is { State: SipRegistrationState.Registered, Peer: { } peer, ExpiresAt: { } until }) trunk.RegisteredAt(peer.Address, until);
        if (status.State is SipRegistrationState.Registered or SipRegistrationState.Unregistered) LogRegistration(trunk.Name, status.State);
        else LogRegistrationFailed(trunk.Name, status.State, status.StatusCode, status.Reason, status.NextAttemptAt);
    }

    private static string Authority(SipUri server)
    {
        var host = server.Host.Contains(':') ? $"[{server.Host}]" : server.Host;
        return server.Port is { } port ? $"{host}:{port}" : host;
    }

    [LoggerMessage(147, LogLevel.Information, "Trunk {Trunk}: {State}")]
    private partial void LogRegistration(string trunk, SipRegistrationState state);

    [LoggerMessage(148, LogLevel.Warning, "Trunk {Trunk}: registration {State} ({Status} {Reason}), next attempt {Next:u}")]
    private partial void LogRegistrationFailed(string trunk, SipRegistrationState state, int? status, string? reason, DateTimeOffset? next);

    [LoggerMessage(149, LogLevel.Warning, "Trunk {Trunk} {Answers}")]
    private partial void LogProbe(string trunk, string answers);
}
