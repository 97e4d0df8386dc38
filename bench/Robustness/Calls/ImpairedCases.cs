using VoiceGateway.Caller;

namespace VoiceGateway.Robustness;

/// <summary>The networks that the report is about.</summary>
internal static class ImpairedCases
{
    private static readonly double[] Losses = [1, 3, 5, 10, 20];

    public static IReadOnlyList<ImpairedCase> All { get; } = [.. Narrow(), .. Wide()];

    /// <summary>Those over which sentences are said too, to be recognised: that takes its time.</summary>
    public static IReadOnlyList<ImpairedCase> ForWords { get; } =
        [.. All.Where(static c => c.Name is "clean" or "loss 1 %" or "loss 3 %" or "loss 5 %" or "loss 10 %" or "loss 10 % in bursts of 3" or "jitter 60 ms, overtaking" or "all at once")];

    private static IEnumerable<ImpairedCase> Narrow()
    {
        yield return Pcmu("clean", new());
        foreach (var percent in Losses) yield return Pcmu($"loss {percent} %", new() { LossPercent = percent });
        yield return Pcmu("loss 5 % in bursts of 2", new() { LossPercent = 5, BurstPackets = 2 });
        yield return Pcmu("loss 10 % in bursts of 3", new() { LossPercent = 10, BurstPackets = 3 });
        yield return Pcmu("loss 20 % in bursts of 5", new() { LossPercent = 20, BurstPackets = 5 });
        foreach (var ms in (int[])[20, 60, 120, 200])
        {
            yield return Pcmu($"jitter {ms} ms, overtaking", new() { Jitter = TimeSpan.FromMilliseconds(ms) });
            yield return Pcmu($"jitter {ms} ms, in order", new() { Jitter = TimeSpan.FromMilliseconds(ms), KeepOrder = true });
        }
        yield return Pcmu("5 % by a way 50 ms longer", new() { ReorderPercent = 5 });
        yield return Pcmu("10 % twice", new() { DuplicatePercent = 10 });
        yield return Pcmu("clock 200 ppm slow", new() { DriftPpm = 200 });
        yield return Pcmu("clock 200 ppm fast", new() { DriftPpm = -200 });
        yield return Pcmu("clock 2 % slow", new() { DriftPpm = 20_000 });
        yield return Pcmu("a new SSRC every 3 s", new() { NewStreamEvery = TimeSpan.FromSeconds(3) });
        yield return Pcmu("timestamps leap every 3 s", new() { TimestampLeapEvery = TimeSpan.FromSeconds(3) });
        yield return Pcmu("a stranger's tone, 100 a second", new() { StrangerPackets = 100 });
        yield return Pcmu("all at once", Everything());
    }

    private static IEnumerable<ImpairedCase> Wide()
    {
        yield return G722("clean", new());
        foreach (var percent in Losses) yield return G722($"loss {percent} %", new() { LossPercent = percent });
        yield return G722("loss 10 % in bursts of 3", new() { LossPercent = 10, BurstPackets = 3 });
        yield return G722("jitter 60 ms, overtaking", new() { Jitter = TimeSpan.FromMilliseconds(60) });
        yield return G722("all at once", Everything());
    }

    private static Impairments Everything() => new()
    {
        LossPercent = 3,
        Jitter = TimeSpan.FromMilliseconds(40),
        ReorderPercent = 2,
        DuplicatePercent = 2,
        DriftPpm = 200,
        NewStreamEvery = TimeSpan.FromSeconds(7),
        StrangerPackets = 50,
    };

    private static ImpairedCase Pcmu(string name, Impairments network) => new(name, CallerCodec.Pcmu, network);

    private static ImpairedCase G722(string name, Impairments network) => new(name, CallerCodec.G722, network);
}
