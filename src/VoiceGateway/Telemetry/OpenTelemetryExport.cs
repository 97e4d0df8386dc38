using System.Collections;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace VoiceGateway.Telemetry;

/// <summary>
/// Metrics, traces and logs by OTLP, when the standard variables ask for it: OTEL_EXPORTER_OTLP_ENDPOINT (or its forms for one
/// signal), OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_SDK_DISABLED … Without an endpoint nothing is started.
/// </summary>
internal static class OpenTelemetryExport
{
    public static void AddOpenTelemetryExport(this IHostApplicationBuilder builder)
    {
        if (Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED") == "true") return;
        // The exporter of logs reads its variables from the host's configuration, which has none of the environment otherwise.
        builder.Configuration.AddInMemoryCollection(OtelVariables());
        var resource = ResourceBuilder.CreateDefault().AddService("voicegateway").AddEnvironmentVariableDetector();
        if (IsAsked("METRICS"))
        {
            builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource).AddMeter(GatewayDiagnostics.Name).AddMeter("System.Runtime").AddOtlpExporter().Build());
            builder.Services.AddHostedService<Started<MeterProvider>>();
        }
        if (IsAsked("TRACES"))
        {
            builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource).AddSource(GatewayDiagnostics.Name).AddOtlpExporter().Build());
            builder.Services.AddHostedService<Started<TracerProvider>>();
        }
        if (IsAsked("LOGS"))
            builder.Logging.AddOpenTelemetry(o => o.SetResourceBuilder(resource).AddOtlpExporter());
    }

    private static IEnumerable<KeyValuePair<string, string?>> OtelVariables() =>
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        where ((string)variable.Key).StartsWith("OTEL_", StringComparison.Ordinal)
        select KeyValuePair.Create((string)variable.Key, (string?)variable.Value);

    private static bool IsAsked(string signal) =>
        Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 }
        || Environment.GetEnvironmentVariable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is { Length: > 0 };

    // A provider works from the moment it is built; the container disposes it, which flushes.
    private sealed class Started<T>(T provider) : IHostedService where T : class
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            GC.KeepAlive(provider);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
