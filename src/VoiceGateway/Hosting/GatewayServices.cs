using System.Buffers;
using VoiceGateway.Calls;
using VoiceGateway.Media;
using VoiceGateway.Records;
using VoiceGateway.Routing;
using VoiceGateway.Rtp;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;
using VoiceGateway.Telemetry;
using VoiceGateway.Tools;
using VoiceGateway.Turns;

namespace VoiceGateway.Hosting;

/// <summary>Registration, one line a room.</summary>
public static class GatewayServices
{
    private static readonly CallBufferPool CallBuffers = new();

    public static IServiceCollection AddVoiceGateway(this IServiceCollection services, IConfiguration configuration, GatewayParts parts) => services
        .AddSingleton(TimeProvider.System)
        .AddTelemetry()
        .AddSignalling(configuration)
        .AddMedia(configuration)
        .AddRecords(configuration, parts.Database)
        .AddTools(configuration, parts.Tools)
        .AddRoutes(parts.Routes)
        .AddCalls(configuration, parts.Live)
        .AddGatewayLifetime(configuration);

    private static IServiceCollection AddTelemetry(this IServiceCollection services) => services
        .AddMetrics()
        .AddSingleton<CallMetrics>();

    private static IServiceCollection AddSignalling(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(OptionsReader.Read<SipOptions>(configuration, SipOptions.Section))
        .AddSingleton(static s => SipSetup.Trunks(s.GetRequiredService<SipOptions>(), s.GetRequiredService<TimeProvider>()))
        .AddSingleton(static s => new TrunkGate(
            s.GetRequiredService<TrunkTable>(),
            new DigestServer(
                s.GetRequiredService<SipOptions>().Realm,
                s.GetRequiredService<TrunkTable>().PasswordOf,
                new DigestServerOptions { Algorithms = s.GetRequiredService<SipOptions>().DigestAlgorithms })))
        .AddSingleton(static s => new SipEndpoint(
            SipSetup.EndpointOptions(
                s.GetRequiredService<SipOptions>(), s.GetRequiredService<CallOptions>().MaxConcurrent, s.GetRequiredService<TrunkGate>(), s.GetRequiredService<FaultLog>(),
                s.GetRequiredService<OffenceLog>()),
            s.GetRequiredService<CallHost>()))
        .AddSingleton<TrunkLinks>()
        .AddSingleton<OffenceLog>()
        .AddSingleton<FaultLog>();

    private static IServiceCollection AddMedia(this IServiceCollection services, IConfiguration configuration)
    {
        var media = OptionsReader.Read<MediaOptions>(configuration, MediaOptions.Section);
        return services
            .AddSingleton(media)
            .AddSingleton(s => new RtpPortAllocator(media.Ports.First, media.Ports.Last, s.GetRequiredService<TimeProvider>(), TimeSpan.FromSeconds(media.PortQuarantineSeconds)))
            .AddSingleton<MediaLog>()
            .AddSingleton(s => new MediaEngine(new MediaEngineOptions
            {
                Threads = media.Threads,
                Clock = new PlayoutClockOptions { RealTimePriority = media.RealTimePriority, OnLate = s.GetRequiredService<MediaLog>().Late },
            }));
    }

    private static IServiceCollection AddRecords(this IServiceCollection services, IConfiguration configuration, Database database) => services
        .AddSingleton(OptionsReader.Read<StorageOptions>(configuration, StorageOptions.Section))
        .AddSingleton(database)
        .AddSingleton<CallRecordStore>();

    private static IServiceCollection AddTools(this IServiceCollection services, IConfiguration configuration, ToolCatalog tools) => services
        .AddSingleton(OptionsReader.Read<ToolOptions>(configuration, ToolOptions.Section))
        .AddSingleton(tools);

    private static IServiceCollection AddRoutes(this IServiceCollection services, RouteTable routes) => services
        .AddSingleton(routes)
        .AddSingleton(static s => new Admission(s.GetRequiredService<CallOptions>().MaxConcurrent))
        .AddSingleton(static s => new SessionQuota(s.GetRequiredService<LiveTarget>().MaxSessions, s.GetRequiredService<TimeProvider>()));

    private static IServiceCollection AddCalls(this IServiceCollection services, IConfiguration configuration, LiveTarget live) => services
        .AddSingleton(OptionsReader.Read<CallOptions>(configuration, CallOptions.Section))
        .AddSingleton(OptionsReader.Read<BargeInOptions>(configuration, BargeInOptions.Section))
        .AddSingleton(OptionsReader.Read<TurnOptions>(configuration, TurnOptions.Section))
        .AddSingleton(PriceTables.Read(configuration))
        .AddSingleton<CallUsageMeter>()
        .AddSingleton(live)
        .AddSingleton<CallRegistry>()
        .AddSingleton<CallHost>()
        .AddSingleton(static s => ActivatorUtilities.CreateInstance<CallServices>(s) with
        {
            Recordings = s.GetRequiredService<StorageOptions>().Recordings is { Length: > 0 } folder ? folder : null,
            Usage = s.GetRequiredService<CallUsageMeter>(),
            // By the trunk that asked; looked up late, for the endpoint itself needs these services.
            OnBehalfOf = (sip, call, showsPassword) => sip.Peer is Trunk { Server: not null } trunk ? s.GetRequiredService<TrunkLinks>().Through(trunk, call, showsPassword) : call,
            BufferPool = s.GetService<ArrayPool<byte>>() ?? CallBuffers,
        });

    private static IServiceCollection AddGatewayLifetime(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton<GatewayLifetime>()
        .AddHostedService(static s => s.GetRequiredService<GatewayLifetime>())
        .Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(OptionsReader.Read<CallOptions>(configuration, CallOptions.Section).DrainSeconds + 20));
}
