using VoiceGateway.Caller;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Robustness;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Impairments;

/// <summary><c>bench/Robustness</c> in short: whole calls over bad networks, all at once, and what the model heard of them.</summary>
public sealed class ImpairedCallsTests(ITestOutputHelper output)
{
    /// <param name="Case">The network.</param>
    /// <param name="LeastSnrDb">35 is the same samples, -10 is something else.</param>
    /// <param name="MostDistanceDb">0 is the same sound.</param>
    /// <param name="BetterThanZeros">Packets are lost for good, and the place they leave is not to be heard as one.</param>
    private sealed record Expected(ImpairedCase Case, double LeastSnrDb, double MostDistanceDb, bool BetterThanZeros = false);

    private static readonly Expected[] Calls =
    [
        new(new("clean", CallerCodec.Pcmu, new()), 33, 0.3),
        new(new("clean", CallerCodec.G722, new()), 25, 0.6),
        new(new("loss 10 %", CallerCodec.Pcmu, new() { LossPercent = 10 }), 23, 1.8, BetterThanZeros: true),
        new(new("loss 10 %", CallerCodec.G722, new() { LossPercent = 10 }), 15, 2.7, BetterThanZeros: true),
        new(new("loss 20 % in bursts of 5", CallerCodec.Pcmu, new() { LossPercent = 20, BurstPackets = 5 }), 18, 7),
        new(new("jitter 120 ms, overtaking", CallerCodec.Pcmu, new() { Jitter = TimeSpan.FromMilliseconds(120) }), 28, 1),
        new(new("jitter 120 ms, in order", CallerCodec.Pcmu, new() { Jitter = TimeSpan.FromMilliseconds(120), KeepOrder = true }), 30, 0.6),
        new(new("10 % twice, 5 % by a longer way", CallerCodec.Pcmu, new() { DuplicatePercent = 10, ReorderPercent = 5 }), 30, 0.6),
        new(new("a new SSRC every 3 s", CallerCodec.Pcmu, new() { NewStreamEvery = TimeSpan.FromSeconds(3) }), 30, 0.6),
        new(new("a stranger's tone", CallerCodec.Pcmu, new() { StrangerPackets = 100, DriftPpm = 200 }), 30, 0.6),
    ];

    // Of the kernel's making, where it can: one call, for the namespace has one cable.
    private static readonly Expected ByNetem = new(new("loss 5 %, jitter 60 ms", CallerCodec.Pcmu, new() { LossPercent = 5, Jitter = TimeSpan.FromMilliseconds(60) }), 25, 2);

    [Fact]
    public async Task Calls_OverBadNetworks_AreHeardAsWellAsTheyCan()
    {
        var (space, refusal) = await NetworkNamespace.TryCreateAsync();
        output.WriteLine(refusal is null ? "netem too" : $"by our own impairments only: {refusal}");
        await using var cable = space;
        using var folder = new CallerFolder(Path.Combine(AppContext.BaseDirectory, "config", "gateway.json"));
        (string, string?)[] here = space is null ? [] : [("Sip:Listen:2", $"udp:{space.Here}:0"), ("Sip:Trunks:netem:Addresses:0", space.There.ToString())];
        await using var rig = await GatewayRig.StartAsync("say", [("ConfigFolder", folder.Config), .. here]);

        var own = Calls.Select((expected, i) => ImpairedCall.RunAsync(rig.Phone, rig.Simulator, rig.Target(), Number(i), expected.Case, Speech.One)).ToArray();
        var netem = space is null ? null : NetemCall.RunAsync(space, rig.Simulator, rig.Gateway.Sip.BoundEndPoints[2].EndPoint.ToString(), Number(90), ByNetem.Case, Speech.One);
        var results = await Task.WhenAll(own);
        var books = await GatewayBook.ReadAsync(rig.Http, results.Length);
        List<(Expected Expected, CallVerdict Verdict)> verdicts = [.. Calls.Zip(results, (expected, call) => (expected, CallVerdict.Of(call, RobustnessReport.Own, books.GetValueOrDefault(call.Number))))];
        if (netem is not null) verdicts.Add((ByNetem, CallVerdict.Of(await netem, RobustnessReport.Netem, null)));

        output.WriteLine(RobustnessReport.ToMarkdown([.. verdicts.Select(static v => v.Verdict)], refusal));
        Assert.All(verdicts, static v => Judge(v.Expected, v.Verdict));
        Assert.All(verdicts.Where(static v => v.Expected.Case.Network.StrangerPackets > 0), static v => Assert.InRange(v.Verdict.Book!.Foreign, 500, long.MaxValue));
        Assert.All(verdicts.Where(static v => v.Expected.Case.Network.DuplicatePercent > 0), static v => Assert.InRange(v.Verdict.Book!.Duplicates, 20, 150));
    }

    private static void Judge(Expected expected, CallVerdict verdict)
    {
        Assert.True(verdict.Voice.SegmentalSnrDb >= expected.LeastSnrDb, $"{expected.Case.Name}: {verdict.Voice}");
        Assert.True(verdict.Voice.SpectralDistanceDb <= expected.MostDistanceDb, $"{expected.Case.Name}: {verdict.Voice}");
        if (expected.BetterThanZeros)
            Assert.True(verdict.Voice.SpectralDistanceDb < verdict.WithZeros!.SpectralDistanceDb, $"{expected.Case.Name}: {verdict.Voice}, with zeros {verdict.WithZeros}");
    }

    private static string Number(int index) => $"+493007{index:D5}";
}
