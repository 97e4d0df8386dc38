using System.Globalization;
using VoiceGateway.Caller;
using VoiceGateway.Codecs.Tests;
using VoiceGateway.Hosting;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Load;
using VoiceGateway.Sip;

namespace VoiceGateway.Robustness;

/// <summary>Places all calls, a few at a time, judges what the model received, and writes the report.</summary>
internal static class RobustnessRun
{
    /// <param name="isWanted">Which networks.</param>
    /// <param name="lines">How often sentences are said over each.</param>
    /// <param name="atOnce">Calls at the same time.</param>
    /// <param name="report">File.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<int> RunAsync(Func<ImpairedCase, bool> isWanted, int lines, int atOnce, string report, CancellationToken stop)
    {
        ImpairedCase[] cases = [.. ImpairedCases.All.Where(isWanted)];
        var (space, refusal) = await NetworkNamespace.TryCreateAsync();
        await using var network = space;
        Console.WriteLine(refusal is null ? $"netem in a namespace at {space!.There}" : $"no netem: {refusal}");
        await using var simulator = await LiveSimulatorServer.StartAsync(new LiveSimulatorOptions { ScenarioPath = "say", CaptureAudio = TimeSpan.FromMinutes(2), EndedSessionsKept = 1000 }, stop);
        using var folder = new CallerFolder(Path.Combine(Path.GetDirectoryName(typeof(Gateway).Assembly.Location)!, "config", "gateway.json"));
        await using (var gateway = await ChildProcess.StartAsync(typeof(Gateway), ["--config", folder.Config, .. Settings(simulator, folder, space)]))
        {
            Console.WriteLine(gateway.ReadyLine);
            using var http = new HttpClient { BaseAddress = new Uri(Field(gateway.ReadyLine, "admin=")) };
            var listens = Field(gateway.ReadyLine, "sip=").Split(',').Select(static l => l["udp:".Length..]).ToArray();
            var calls = await OwnAsync(cases, simulator, listens[0], atOnce, stop);
            if (space is not null) calls = [.. calls, .. await NetemAsync(cases, simulator, space, listens[1], stop)];

            Console.WriteLine($"{calls.Length} calls are over; judging");
            var books = await GatewayBook.ReadAsync(http, calls.Length);
            var verdicts = new CallVerdict[calls.Length];
            Parallel.For(0, calls.Length, i => verdicts[i] = CallVerdict.Of(calls[i].Call, calls[i].Road, books.GetValueOrDefault(calls[i].Call.Number)));
            var words = Pocketsphinx.Missing is null ? await WordsAsync([.. ImpairedCases.ForWords.Where(isWanted)], lines, simulator, listens[0], atOnce, stop) : [];
            var text = RobustnessReport.ToMarkdown(verdicts, refusal) + RobustnessReport.OfWords(words, Pocketsphinx.Missing);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(report))!);
            await File.WriteAllTextAsync(report, text, stop);
            Console.WriteLine(text);
            return 0;
        }
    }

    private static async Task<(string Road, ImpairedCallResult Call)[]> OwnAsync(IReadOnlyList<ImpairedCase> cases, LiveSimulatorServer simulator, string listen, int atOnce, CancellationToken stop)
    {
        await using var phone = await Softphone.StartAsync(cancellationToken: stop);
        var target = Target(listen);
        var done = new List<(string, ImpairedCallResult)>();
        foreach (var some in cases.Index().Chunk(atOnce))
        {
            var results = await Task.WhenAll(some.Select(c => ImpairedCall.RunAsync(phone, simulator, target, Number(c.Index), c.Item, Speech.All)));
            done.AddRange(results.Select(static result => (RobustnessReport.Own, result)));
            Console.WriteLine($"{done.Count} of {cases.Count}");
        }
        return [.. done];
    }

    private static async Task<WordVerdict[]> WordsAsync(IReadOnlyList<ImpairedCase> cases, int lines, LiveSimulatorServer simulator, string listen, int atOnce, CancellationToken stop)
    {
        await using var phone = await Softphone.StartAsync(cancellationToken: stop);
        var target = Target(listen);
        var calls = cases.SelectMany(network => WordCall.Of(network, lines)).ToArray();
        var heard = new List<HeardSentences>();
        foreach (var some in calls.Index().Chunk(atOnce))
        {
            stop.ThrowIfCancellationRequested();
            heard.AddRange(await Task.WhenAll(some.Select(c => c.Item.RunAsync(phone, simulator, target, Number(1000 + c.Index)))));
            Console.WriteLine($"words: {heard.Count} of {calls.Length} calls");
        }
        // Afterwards, for a recogniser leaves nothing of the machine.
        return await WordVerdict.OfAsync(heard);
    }

    // One after the other: the namespace has one cable.
    private static async Task<(string Road, ImpairedCallResult Call)[]> NetemAsync(IReadOnlyList<ImpairedCase> cases, LiveSimulatorServer simulator, NetworkNamespace space, string listen, CancellationToken stop)
    {
        var done = new List<(string, ImpairedCallResult)>();
        foreach (var (index, network) in cases.Where(static c => c.ForNetem is not null).Index())
        {
            stop.ThrowIfCancellationRequested();
            done.Add((RobustnessReport.Netem, await NetemCall.RunAsync(space, simulator, listen, Number(500 + index), network, Speech.All)));
            Console.WriteLine($"netem: {network.Name}");
        }
        return [.. done];
    }

    private static IEnumerable<string> Settings(LiveSimulatorServer simulator, CallerFolder folder, NetworkNamespace? space)
    {
        yield return "--Sip:Listen:0=udp:127.0.0.1:0";
        if (space is not null)
        {
            yield return $"--Sip:Listen:1=udp:{space.Here}:0";
            yield return $"--Sip:Trunks:netem:Addresses:0={space.There}";
        }
        else
        {
            // Over what is shipped: the second is TCP.
            yield return "--Sip:Listen:1=udp:127.0.0.1:0";
        }
        yield return "--Admin:Url=http://127.0.0.1:0";
        yield return $"--Live:Endpoint={simulator.Endpoint}";
        yield return $"--Storage:Database=sqlite:{folder.Database}";
        yield return "--Logging:LogLevel:Default=Warning";
    }

    private static SipUri Target(string listen) => SipUri.TryParse($"sip:100@{listen}", out var uri) ? uri! : throw new FormatException(listen);

    private static string Number(int index) => "+49300" + (700_000 + index).ToString(CultureInfo.InvariantCulture);

    private static string Field(string readyLine, string name) => readyLine.Split(' ').Single(part => part.StartsWith(name, StringComparison.Ordinal))[name.Length..];
}
