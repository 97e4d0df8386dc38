using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using VoiceGateway.Abstractions;
using VoiceGateway.Admin;
using VoiceGateway.Calls;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Plugins.Bookings;
using VoiceGateway.Plugins.CallCentre;
using VoiceGateway.Plugins.Lookups;
using VoiceGateway.Records;
using VoiceGateway.Routing;
using VoiceGateway.Sip;
using VoiceGateway.Telemetry;
using VoiceGateway.Tools;

namespace VoiceGateway.Hosting;

/// <summary>A running gateway: signalling, media, the HTTP API, and the embedded simulator where there is no key.</summary>
public sealed class Gateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LiveSimulatorServer? _simulator;
    private readonly Database _database;

    private Gateway(WebApplication app, LiveSimulatorServer? simulator, Database database) => (_app, _simulator, _database) = (app, simulator, database);

    public IHost Host => _app;

    public IServiceProvider Services => _app.Services;

    /// <summary>Ctrl-C or SIGTERM.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    public SipEndpoint Sip => Services.GetRequiredService<SipEndpoint>();

    public CallRegistry Calls => Services.GetRequiredService<CallRegistry>();

    public RouteTable Routes => Services.GetRequiredService<RouteTable>();

    public LiveTarget Live => Services.GetRequiredService<LiveTarget>();

    public LiveSimulatorServer? Simulator => _simulator;

    public Uri AdminUrl => new(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What standard output says once calls can come: other programs wait for it.</summary>
    public string ReadyLine =>
        $"voicegateway ready sip={string.Join(',', Sip.BoundEndPoints)} admin={AdminUrl.ToString().TrimEnd('/')} live={Live}";

    /// <param name="configuration">See <see cref="GatewayConfiguration"/>.</param>
    /// <param name="stop">Gives up starting.</param>
    /// <param name="configure">Last word on the services, for whoever hosts the gateway in a program of their own.</param>
    /// <exception cref="ConfigurationException">Something configured cannot work: a value, a file, an occupied port.</exception>
    public static async Task<Gateway> StartAsync(IConfiguration configuration, CancellationToken stop, Action<IServiceCollection>? configure = null)
    {
        var undo = new Stack<IAsyncDisposable>();
        try
        {
            var live = OptionsReader.Read<LiveOptions>(configuration, LiveOptions.Section);
            var simulator = live.UsesSimulator ? await StartSimulatorAsync(configuration, stop) : null;
            if (simulator is not null) undo.Push(simulator);
            var database = Database.Open(OptionsReader.Read<StorageOptions>(configuration, StorageOptions.Section).Database);
            undo.Push(database);
            await database.CheckAsync(stop);
            var tools = await LoadToolsAsync(configuration, database, stop);
            var routes = RouteTable.Load(GatewayConfiguration.Folder(configuration), configuration["Business:TimeZone"] is { Length: > 0 } zone ? zone : null);
            var target = await LiveTargets.OpenAsync(live, simulator?.Endpoint, routes.Agents, stop);
            var app = Build(configuration, new GatewayParts(target, database, tools, routes), configure);
            undo.Push(app);
            MakeRecordingsFolder(app.Services.GetRequiredService<StorageOptions>().Recordings);
            await app.StartAsync(stop);
            return new Gateway(app, simulator, database);
        }
        catch (Exception e)
        {
            while (undo.TryPop(out var part)) await part.DisposeAsync();
            throw e switch
            {
                SipBindException bind => new ConfigurationException("Sip:Listen", bind.Message, bind),
                IOException { InnerException: AddressInUseException } => new ConfigurationException("Admin:Url", $"{configuration["Admin:Url"]} is in use by another program", e),
                SocketException => new ConfigurationException("Admin:Url", $"{configuration["Admin:Url"]} cannot be listened on: {e.Message}", e),
                InvalidDataException => new ConfigurationException("configuration", e.Message, e),
                _ => e,
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_app.Lifetime.ApplicationStopped.IsCancellationRequested) await _app.StopAsync();
        await _app.DisposeAsync();
        if (_simulator is not null) await _simulator.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static async Task<ToolCatalog> LoadToolsAsync(IConfiguration configuration, Database database, CancellationToken stop)
    {
        var options = OptionsReader.Read<ToolOptions>(configuration, ToolOptions.Section);
        IEnumerable<IToolPlugin> plugins = [new BookingsPlugin(), new LookupsPlugin(), new CallCentrePlugin(), .. PluginLoader.LoadFrom(options.PluginsFolder)];
        return await new ToolCatalogBuilder(configuration, database.Source, TimeProvider.System).BuildAsync(plugins, stop);
    }

    private static WebApplication Build(IConfiguration configuration, GatewayParts parts, Action<IServiceCollection>? configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseKestrelCore().UseUrls(OptionsReader.Read<AdminOptions>(configuration, AdminOptions.Section).Url);
        builder.Logging.AddGatewayConsole(configuration);
        builder.Services.AddRoutingCore();
        builder.Services.AddVoiceGateway(configuration, parts);
        builder.AddOpenTelemetryExport();
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseStatusCodePages(EmptyErrors.ExplainAsync);
        app.UseMiddleware<OwnPagesOnly>();
        app.UseRouting();
        app.MapHealth();
        app.MapCalls();
        app.MapTrunks();
        app.MapRuntime();
        return app;
    }

    private static void MakeRecordingsFolder(string folder)
    {
        try
        {
            if (folder.Length > 0) Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException("Storage:Recordings", $"'{folder}' cannot be made: {e.Message}", e);
        }
    }

    private static async Task<LiveSimulatorServer> StartSimulatorAsync(IConfiguration configuration, CancellationToken stop)
    {
        var options = OptionsReader.Read<SimulatorOptions>(configuration, SimulatorOptions.Section);
        try
        {
            return await LiveSimulatorServer.StartAsync(new LiveSimulatorOptions { ScenarioPath = string.IsNullOrEmpty(options.Scenario) ? null : options.Scenario }, stop);
        }
        catch (Exception e) when (e is IOException or ScenarioException or UnauthorizedAccessException)
        {
            throw new ConfigurationException("Simulator:Scenario", e.Message, e);
        }
    }
}
