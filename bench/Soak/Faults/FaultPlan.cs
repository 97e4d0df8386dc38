using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Soak;

/// <summary>All rotations and faults of a run, drawn beforehand: the same seed gives the same plan.</summary>
internal static class FaultPlan
{
    public static IReadOnlyList<PlannedFault> Draw(SoakOptions options)
    {
        var random = new Random(options.Seed);
        var end = options.Duration - options.Calm;
        var plan = new List<PlannedFault>();
        for (var call = 0; call < options.Calls; call++)
        {
            for (var at = Pause(options, random); at < end; at += Pause(options, random)) plan.Add(new PlannedFault(at, call, null!));
            if (call % 2 != 0) continue;
            var goAway = new SoakFault(PlannedFault.GoAway, new Fault.GoAway { TimeLeft = options.GoAwayLeft });
            for (var at = options.RotateEvery * (0.5 + random.NextDouble()); at < end; at += options.RotateEvery) plan.Add(new PlannedFault(at, call, goAway));
        }
        // From a bag: each comes equally often, and none is missing in a run that is long enough.
        var bag = new Queue<SoakFault>();
        return [.. plan.OrderBy(static p => p.At).Select(p => p.Fault is null ? p with { Fault = Take(bag, random) } : p)];
    }

    private static TimeSpan Pause(SoakOptions options, Random random) => options.FaultEvery * (0.5 + random.NextDouble());

    private static SoakFault Take(Queue<SoakFault> bag, Random random)
    {
        if (bag.Count == 0)
        {
            var all = SoakFault.All.ToArray();
            random.Shuffle(all);
            foreach (var fault in all) bag.Enqueue(fault);
        }
        return bag.Dequeue();
    }
}
