using System.Text;
using System.Text.Json;
using Dapper;
using VoiceGateway.Abstractions;
using VoiceGateway.Admin;
using VoiceGateway.Caller;
using VoiceGateway.Calls;
using VoiceGateway.Hosting;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Records;
using VoiceGateway.Sip;

namespace VoiceGateway.Demo;

/// <summary>
/// <c>-- demo</c>: gateway, simulator and caller in one process on free loopback ports; a real SIP call between them. Shows it
/// live, leaves <c>call.wav</c>, <c>call.html</c> and <c>call.json</c>, and checks itself: exit 1 when the booking is not in
/// the database or a turn went unanswered.
/// </summary>
internal static class DemoCall
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var folder = Folder(arguments);
        Directory.CreateDirectory(folder);
        var database = Path.Combine(folder, "demo.db");
        foreach (var old in new[] { "call.html", "call.wav", "call.json", "demo.db", "demo.db-shm", "demo.db-wal" }) File.Delete(Path.Combine(folder, old));

        await using var gateway = await Gateway.StartAsync(Configuration(folder, database), stop);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, gateway.Stopping);
        stop = ending.Token;
        await using var phone = await Softphone.StartAsync(cancellationToken: stop);
        var stage = new DemoStage(gateway);
        var options = new CallerOptions
        {
            Target = Sip($"sip:100@{gateway.Sip.BoundEndPoints[0].EndPoint}"),
            From = Sip("sip:+15550100@127.0.0.1"),
            DisplayName = "Demo caller",
            Progress = stage,
        };
        var report = await stage.ShowAsync(phone.CallAsync(Script(), options, stop));
        await gateway.Calls.WhenIdleAsync();

        var call = await FetchAsync(gateway.AdminUrl, stage.CallId, stop);
        var recording = Path.Combine(folder, "call.wav");
        if (call.Recording is { } made)
        {
            File.Move(made, recording, overwrite: true);
            call = call with { Recording = recording };
        }
        await File.WriteAllTextAsync(Path.Combine(folder, "call.json"), JsonSerializer.Serialize(call, CallRecords.Json), new UTF8Encoding(false), stop);
        await CallPage.WriteAsync(Path.Combine(folder, "call.html"), call, recording, stop);

        var verdict = DemoVerdict.Of(call, report, await BookingsAsync(gateway, stop));
        stage.Conclude(call, verdict, folder);
        return verdict.Passed ? 0 : 1;
    }

    private static string Folder(IReadOnlyList<string> arguments)
    {
        const string option = "--out=";
        if (arguments.FirstOrDefault(static a => !a.StartsWith(option, StringComparison.Ordinal)) is { } stray)
            throw new ConfigurationException(stray, "the demo knows one option only: --out=FOLDER");
        return arguments.Count == 0 ? Path.Combine("artifacts", "demo") : arguments[^1][option.Length..];
    }

    // The demo needs nothing of the operator's: neither key nor endpoint nor ports.
    private static IConfiguration Configuration(string folder, string database) => new ConfigurationBuilder()
        .AddConfiguration(GatewayConfiguration.Load([], Path.Combine(AppContext.BaseDirectory, "config"), withEnvironment: false))
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sip:Listen:0"] = "udp:127.0.0.1:0",
            ["Sip:Listen:1"] = null,
            ["Admin:Url"] = "http://127.0.0.1:0",
            ["Storage:Database"] = $"sqlite:{database}",
            ["Storage:Recordings"] = folder,
            ["Logging:LogLevel:Default"] = "Error",
        })
        .Build();

    private static CallerScript Script()
    {
        var lines = CallerVoice.Lines;
        return new CallerScript(
            new ListenStep(),
            new SayStep(Clip(lines[0]), lines[0].Text),
            new InterruptStep(TimeSpan.FromSeconds(3), Clip(lines[1]), lines[1].Text),
            new ListenStep(),
            new SayStep(Clip(lines[2]), lines[2].Text),
            new ListenStep(),
            new SayStep(Clip(lines[3]), lines[3].Text),
            new AwaitByeStep(TimeSpan.FromSeconds(20)));
    }

    private static SipUri Sip(string uri) => SipUri.TryParse(uri, out var parsed) ? parsed! : throw new FormatException(uri);

    private static SpeechClip Clip(RecordedLine line)
    {
        var wav = line.Read();
        return SpeechClip.FromPcm(wav.Samples, wav.SampleRateHz);
    }

    // Over HTTP, as anybody would: the API is part of what is shown.
    private static async Task<CallView> FetchAsync(Uri admin, string id, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = admin };
        return (await http.GetFromJsonAsync<CallView>($"/api/calls/{id}", CallRecords.Json, stop))!;
    }

    private static async Task<IReadOnlyList<string>> BookingsAsync(Gateway gateway, CancellationToken stop)
    {
        await using var connection = await gateway.Services.GetRequiredService<Database>().Source.OpenConnectionAsync(stop);
        return [.. await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT name || ', ' || party_size || ' people, ' || starts_at FROM bookings WHERE cancelled = 0", cancellationToken: stop))];
    }
}
