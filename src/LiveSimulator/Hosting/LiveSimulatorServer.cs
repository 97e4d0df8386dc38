using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

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
    private int _stopped;

    private LiveSimulatorServer(LiveSimulatorOptions options, Scenario scenario)
    {
        _options = options;
        Scenario = scenario;
        _register = new SessionRegister(options.EndedSessionsKept);
        _shelf = new ResumptionShelf(options.TimeProvider, options.HandleLifetime);
        _app = Build();
    }

    public Scenario Scenario { get; }

    /// <summary><c>ws://host:port</c>, with the real port when any was asked for.</summary>
    public Uri Endpoint { get; private set; } = new("ws://127.0.0.1");

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
        // The service sends no keep-alive pings of its own.
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        // A place for the control API: app.Map("/control", …) before the door to the sessions.
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

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        await RunSessionAsync(socket, api, kind, refused);
    }

    private async Task RunSessionAsync(WebSocket socket, LiveApiPath api, CredentialKind kind, Rejection? refused)
    {
        var session = new SimulatedSession($"session-{Interlocked.Increment(ref _started)}", api, kind, _options);
        _register.Add(session);
        _options.Log?.Invoke($"session {session} started");
        await new LiveConnection(socket, session, api, Scenario, _shelf, _options).RunAsync(refused);
        _options.Log?.Invoke($"session {session} ended: {session.CloseCode} {session.CloseReason}");
        _register.Trim();
    }

    private static Task AnswerAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(text + "\n");
    }
}
