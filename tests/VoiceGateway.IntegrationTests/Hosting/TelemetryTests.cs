using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using VoiceGateway.Caller;
using VoiceGateway.Hosting;
using VoiceGateway.IntegrationTests.Interop;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Hosting;

/// <summary>With the standard variables set, metrics, traces and logs of a call reach a collector; the caller's number does not.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class TelemetryTests
{
    [Fact]
    public async Task Otlp_OneCall_SendsMetricsTracesAndLogs()
    {
        var folder = Directory.CreateTempSubdirectory("voicegateway-otlp-");
        var received = new ConcurrentDictionary<string, StringBuilder>();
        using var collector = new HttpListener();
        var port = FreePort.Next();
        collector.Prefixes.Add($"http://127.0.0.1:{port}/");
        collector.Start();
        var collecting = CollectAsync(collector, received);

        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullName };
        foreach (var argument in new[] { typeof(Gateway).Assembly.Location, "--Sip:Listen:0=udp:127.0.0.1:0", "--Admin:Url=http://127.0.0.1:0", "--Simulator:Scenario=say" })
            start.ArgumentList.Add(argument);
        start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port}";
        start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        start.Environment["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        start.Environment["OTEL_BSP_SCHEDULE_DELAY"] = "500";
        using (var gateway = Process.Start(start)!)
        {
            var ready = await gateway.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
            var sip = ready!.Split(' ').First(static w => w.StartsWith("sip=", StringComparison.Ordinal))["sip=udp:".Length..];
            await using (var phone = await Softphone.StartAsync())
            {
                var report = await phone.CallAsync(
                    new CallerScript(new ListenStep(), new HangUpStep()),
                    new CallerOptions { Target = Uri($"sip:100@{sip}"), From = Uri("sip:+4930987654@127.0.0.1") });
                Assert.True(report.Succeeded, string.Join("; ", report.Problems));
            }
            await GatewayRig.WaitUntilAsync(() => received.ContainsKey("/v1/metrics") && received.ContainsKey("/v1/traces") && received.ContainsKey("/v1/logs"), "all three signals have come", seconds: 20);
            await GatewayRig.WaitUntilAsync(() => Text(received, "/v1/metrics").Contains("voicegateway.calls.ended", StringComparison.Ordinal), "the call's end is counted", seconds: 20);
            using var kill = Process.Start("kill", ["-TERM", gateway.Id.ToString()]);
            await gateway.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        collector.Stop();
        await collecting;

        Assert.Contains("voicegateway.call.duration", Text(received, "/v1/metrics"));
        Assert.Contains("caller_hung_up", Text(received, "/v1/metrics"));
        Assert.Contains("voicegateway.end_reason", Text(received, "/v1/traces"));
        foreach (var signal in received.Keys) Assert.DoesNotContain("4930987654", Text(received, signal));
        folder.Delete(recursive: true);
    }

    private static string Text(ConcurrentDictionary<string, StringBuilder> received, string path)
    {
        if (!received.TryGetValue(path, out var text)) return "";
        lock (text) return text.ToString();
    }

    // The strings of a protobuf message stand in it as they are.
    private static async Task CollectAsync(HttpListener collector, ConcurrentDictionary<string, StringBuilder> received)
    {
        while (true)
        {
            try
            {
                var context = await collector.GetContextAsync();
                var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                var text = received.GetOrAdd(context.Request.Url!.AbsolutePath, static _ => new StringBuilder());
                lock (text) text.Append(Encoding.Latin1.GetString(body.ToArray()));
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static SipUri Uri(string text) => SipUri.TryParse(text, out var uri) ? uri! : throw new FormatException(text);
}
