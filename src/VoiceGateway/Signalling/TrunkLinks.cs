using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>What goes on between the gateway and its trunks besides calls: registrations, and probes. From the start of the endpoint to its end.</summary>
public sealed partial class TrunkLinks(TrunkTable trunks, SipEndpoint sip, TimeProvider time, ILogger<TrunkLinks> log) : IAsyncDisposable
{
    // Not disposed: it has no timer, and disposing twice is to be harmless.
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<Trunk, SipRegistration> _registrations = [];
    private readonly Dictionary<Trunk, TrunkProbe> _probes = [];
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
    public SipOutgoingCall Through(Trunk trunk, SipOutgoingCall call)
    {
        var from = call.From ?? CallerOf(trunk);
        call = call with { From = from, Peer = trunk };
        return _registrations.TryGetValue(trunk, out var registration) ? registration.Through(call) : call with { Credentials = trunk.Own, Proxy = trunk.Server };
    }

    /// <summary>A number at the trunk's server, or a SIP URI as it is; null: neither.</summary>
    public static SipUri? Callee(Trunk trunk, string to)
    {
        if (to.Contains(':')) return SipUri.TryParse(to, out var uri) && uri is { IsSip: true } ? uri : null;
        return trunk.Server is { } server && SipUri.TryParse($"{server.Scheme}:{to}@{Authority(server)}", out var number) ? number : null;
    }

    /// <summary>The registrars are told before the last call ends: nobody is to be sent here any more.</summary>
    public async Task UnregisterAsync()
    {
        await Task.WhenAll(_registrations.Values.Select(static r => r.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _probing.ConfigureAwait(false);
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
        if (status is { State: SipRegistrationState.Registered, Peer: { } peer }) trunk.RegisteredAt(peer.Address);
        if (status.State is SipRegistrationState.Registered or SipRegistrationState.Unregistered) LogRegistration(trunk.Name, status.State);
        else LogRegistrationFailed(trunk.Name, status.State, status.StatusCode, status.Reason, status.NextAttemptAt);
    }

    private static SipNameAddress? CallerOf(Trunk trunk)
    {
        var caller = trunk.Options.CallerId.Length > 0 ? trunk.Options.CallerId : trunk.Options.User;
        return caller.Length > 0 && Callee(trunk, caller) is { } uri ? new SipNameAddress(uri.WithoutParameters()) : null;
    }

    private static string Authority(SipUri server) => server.Port is { } port ? $"{server.Host}:{port}" : server.Host;

    [LoggerMessage(147, LogLevel.Information, "Trunk {Trunk}: {State}")]
    private partial void LogRegistration(string trunk, SipRegistrationState state);

    [LoggerMessage(148, LogLevel.Warning, "Trunk {Trunk}: registration {State} ({Status} {Reason}), next attempt {Next:u}")]
    private partial void LogRegistrationFailed(string trunk, SipRegistrationState state, int? status, string? reason, DateTimeOffset? next);

    [LoggerMessage(149, LogLevel.Warning, "Trunk {Trunk} {Answers}")]
    private partial void LogProbe(string trunk, string answers);
}
