using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// The server side of the Gemini Live API on a real WebSocket, playing a scripted scenario. It writes nothing to the console
/// and reads no configuration of its host's, so that it can live inside another process.
/// </summary>
/// <code>
/// Kestrel -> path, credential -> LiveConnection (reads, refuses, hears) -> Conversation (decides) -> Reply (speaks, calls functions)
/// </code>
public sealed class LiveSimulatorServer : IAsyncDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(2);

    private readonly LiveSimulatorOptions _options;
    private readonly SessionRegister _register;
    private readonly ResumptionShelf _shelf;
    private readonly WebApplication _app;
    private int _started;
    private int _present;
    private int _stopped;

    private LiveSimulatorServer(LiveSimulatorOptions options, Scenario scenario)
    {
        _options = options;
        Scenario = scenario;
        _register = new SessionRegister(options.EndedSessionsKept);
        foreach (var fault in scenario.Faults.Concat(options.Faults))
            Faults.Arm(fault);
        _shelf = new ResumptionShelf(options.TimeProvider, options.HandleLifetime);
        _app = Build();
    }

    public Scenario Scenario { get; }

    /// <summary><c>ws://host:port</c>, with the real port when any was asked for.</summary>
    public Uri Endpoint { get; private set; } = new("ws://127.0.0.1");

    /// <summary>The faults that are ready for connections to come.</summary>
    public ServerFaults Faults { get; } = new();

    /// <summary>The sessions that run and the last ones that ended, oldest first.</summary>
    public IReadOnlyCollection<SimulatedSession> Sessions => _register.Snapshot();

    /// <exception cref="ScenarioException">The scenario cannot be used.</exception>
    /// <exception cref="IOException">The port is taken, or the host is not ours.</exception>
    public static async Task<LiveSimulatorServer> StartAsync(LiveSimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new LiveSimulatorOptions();
        var scenario = options.Scenario ?? Scenario.Load(options.ScenarioPath ?? Scenario.DefaultName);
        var server = new LiveSimulatorServer(options, scenario);
        try
        {
            await server._app.StartAsync(cancellationToken);
        }
        catch
        {
            await server._app.DisposeAsync();
            throw;
        }

        server.Endpoint = server.FindEndpoint();
        return server;
    }

    /// <summary>The first session that matches, as soon as there is one. The predicate must be quick and must not call the server.</summary>
    public Task<SimulatedSession> WaitForSessionAsync(Predicate<SimulatedSession>? matches = null, CancellationToken cancellationToken = default) =>
        _register.FindAsync(matches ?? (static _ => true), cancellationToken);

    /// <summary>The caller's audio of every session in <see cref="Sessions"/>, in the order in which they started: that of one conversation is the parts with its name, one after the other.</summary>
    public IReadOnlyList<ReceivedAudio> ReceivedAudioOfAll() =>
        [.. _register.Snapshot().Select(static (session, order) => new ReceivedAudio(order, session, session.ReceivedAudio()))];

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
            return;
        var open = _register.Snapshot().Where(static session => session.IsOpen).ToList();
        await Task.WhenAll(open.Select(static session => session.CloseAsync((int)WebSocketCloseStatus.EndpointUnavailable, "The simulator stops.")));
        try
        {
            await Task.WhenAll(open.Select(static session => session.Completion)).WaitAsync(StopTime);
        }
        catch (TimeoutException)
        {
            foreach (var session in open)
                session.Abort();
        }

        using var stop = new CancellationTokenSource(StopTime);
        await _app.StopAsync(stop.Token);
        await _app.DisposeAsync();
    }

    private WebApplication Build()
    {
        // Empty: no console logging, no appsettings.json or ASPNETCORE_URLS of the host's, no handling of Ctrl+C.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (_options.Host == "*")
                kestrel.ListenAnyIP(_options.Port);
            else if (_options.Host == "localhost")
                kestrel.Listen(IPAddress.Loopback, _options.Port);
            else
                kestrel.Listen(ParseHost(_options.Host), _options.Port);
        });
        var app = builder.Build();
        app.Use((http, next) =>
        {
            TapWire(http);
            return next(http);
        });
        // The service sends no keep-alive pings of its own.
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        app.Map("/control", control => control.Run(new ControlApi(this, _options.ControlFromAnywhere).HandleAsync));
        app.Run(AcceptAsync);
        return app;
    }

    private static IPAddress ParseHost(string host) =>
        IPAddress.TryParse(host, out var address) ? address : throw new ArgumentException($"'{host}' is not an IP address, localhost or *.");

    private Uri FindEndpoint()
    {
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var bound = new Uri(address.Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
        return new UriBuilder("ws", bound.Host, bound.Port).Uri;
    }

    private async Task AcceptAsync(HttpContext http)
    {
        if (LiveApiPath.Parse(http.Request.Path.Value ?? "") is not { } api)
        {
            await AnswerAsync(http, StatusCodes.Status404NotFound, "Not a path of the Live API.");
            return;
        }

        if (!http.WebSockets.IsWebSocketRequest)
        {
            await AnswerAsync(http, StatusCodes.Status426UpgradeRequired, "The Live API is a WebSocket.");
            return;
        }

        var (kind, credential) = SimulatorHandshake.FindCredential(http.Request);
        var refused = SimulatorHandshake.Check(kind, credential, _options.ApiKey);
        if (refused is not null && api.IsVertex)
        {
            await AnswerAsync(http, StatusCodes.Status401Unauthorized, "Request had invalid authentication credentials.");
            return;
        }

        switch (TakeRefusal())
        {
            case Fault.Refuse refuse:
                await RefuseAsync(http, refuse.Status, refuse.RetryAfter);
                return;
            case Fault.Quota { Answer: QuotaAnswer.Http429 } quota:
                await RefuseAsync(http, StatusCodes.Status429TooManyRequests, quota.RetryAfter);
                return;
            case Fault.Quota:
                refused = Rejection.Internal("Resource has been exhausted (e.g. check quota).");
                break;
        }

        try
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            await RunSessionAsync(http, socket, api, kind, refused);
        }
        finally
        {
            Interlocked.Decrement(ref _present);
        }
    }

    private async Task RunSessionAsync(HttpContext http, WebSocket socket, LiveApiPath api, CredentialKind kind, Rejection? refused)
    {
        var number = Interlocked.Increment(ref _started);
        var tap = http.Features.GetRequiredFeature<WireTap>();
        var under = new ConnectionUnder(tap.Stream!, http.Features.Get<IConnectionSocketFeature>()?.Socket, http.RequestAborted);
        var thread = new ConversationThread($"conversation-{number}", _options.CaptureFolder);
        var session = new SimulatedSession($"session-{number}", api, kind, _options, thread) { Standing = tap.Faults };
        var connection = new LiveConnection(socket, under, session, api, Scenario, _shelf, Faults.TakeForSession(), _options);
        _register.Add(session);
        _options.Log?.Invoke($"session {session} started");
        await connection.RunAsync(refused);
        _options.Log?.Invoke($"session {session} ended: {session.CloseCode} {session.CloseReason}");
        _register.Trim();
    }

    /// <summary>Null: the connection is let in, and counts from now on.</summary>
    private Fault.AtTheDoor? TakeRefusal()
    {
        // Sessions that hang half-open, or were closed by us, are no longer counted by the service although they are still here.
        var given = _register.Snapshot().Count(static session => session.IsOpen && session.Released.IsCompleted);
        var refusal = Faults.TakeRefusal(Interlocked.Increment(ref _present) - 1 - given);
        if (refusal is Fault.Refuse or Fault.Quota { Answer: QuotaAnswer.Http429 })
            Interlocked.Decrement(ref _present);
        return refusal;
    }

    private void TapWire(HttpContext http)
    {
        if (http.Features.Get<IHttpUpgradeFeature>() is not { } upgrade)
            return;
        var tap = new WireTap(upgrade, new StandingFaults(), _options.TimeProvider);
        http.Features.Set<IHttpUpgradeFeature>(tap);
        http.Features.Set(tap);
    }

    private static Task RefuseAsync(HttpContext http, int status, TimeSpan retryAfter)
    {
        if (retryAfter > TimeSpan.Zero)
            http.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return AnswerAsync(http, status, $"{{\"error\":{{\"code\":{status},\"message\":\"The simulator was told to refuse.\"}}}}");
    }

    private static Task AnswerAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(text + "\n");
    }
}
