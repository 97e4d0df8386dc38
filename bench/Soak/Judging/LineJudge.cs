using VoiceGateway.Admin;
using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Soak;

/// <summary>Compares what one caller sent with what the server received over all the call's connections.</summary>
internal static class LineJudge
{
    private const int Frame = SentLine.FrameSamples;

    // A millisecond.
    private const int Unit = 8;

    // What was still on its way when the caller hung up.
    private const int Tail = 75;

    // Shorter holes are the search's own inaccuracy at the seams.
    private const double ShortestMs = 6;

    public static LineVerdict Judge(SoakCall call, IReadOnlyList<HeardConnection> connections, CallView record)
    {
        var sent = call.Line;
        var tracker = new LineTracker(sent);
        foreach (var heard in connections) tracker.Follow(heard.Audio);

        var total = Math.Max(0, sent.Frames - Tail) * Frame / Unit;
        var by = new int[total];
        long twice = 0, unknown = 0, received = 0;
        for (var c = 0; c < connections.Count; c++)
        {
            foreach (var place in connections[c].Audio.SentTo)
            {
                received++;
                if (place < 0)
                {
                    unknown++;
                    continue;
                }
                if (place / Unit < total && by[place / Unit] != 0) twice++;
                for (var unit = place / Unit; unit < Math.Min(total, (place + Frame) / Unit); unit++)
                    if (by[unit] == 0) by[unit] = c + 1;
            }
        }

        var remembered = Remembered(connections, total);
        long forgotten = 0;
        var forgottenWords = new List<(double, double)>();
        for (var unit = 0; unit < total;)
        {
            var (from, spoken) = (unit, 0);
            for (; unit < total && !remembered[unit]; unit++)
                if (IsVoiced(sent, unit)) spoken++;
            forgotten += spoken;
            if (spoken >= 40) forgottenWords.Add((from, spoken));
            if (unit == from) unit++;
        }

        var changes = Changes(connections, record);
        var holes = new List<Hole>();
        long voiced = 0, voicedFound = 0;
        for (var unit = 0; unit < total; unit++)
        {
            if (!IsVoiced(sent, unit)) continue;
            voiced++;
            if (by[unit] != 0) voicedFound++;
        }
        for (var unit = 0; unit < total;)
        {
            var from = unit;
            while (unit < total && by[unit] == 0) unit++;
            if (unit - from >= ShortestMs) holes.Add(HoleOf(call, by, from, unit, changes));
            if (unit == from) unit++;
        }
        return new LineVerdict(
            call.Index, total / 1000.0, voiced / 1000.0, (voiced - voicedFound) / 1000.0, received, twice, unknown, Backwards(connections), forgotten / 1000.0, forgottenWords, holes,
            [.. changes.Where(static c => c.IsRotation).Select(c => holes.Where(h => h.Cause == c.Name).Sum(static h => h.LengthMs))]);
    }

    private static bool IsVoiced(SentLine sent, int unit) => sent.IsVoiced(unit * Unit / Frame);

    private static Hole HoleOf(SoakCall call, int[] by, int from, int to, IReadOnlyList<Change> changes)
    {
        double voiced = 0;
        for (var unit = from; unit < to; unit++)
            if (IsVoiced(call.Line, unit)) voiced++;
        var (before, after) = (from > 0 ? by[from - 1] : 0, to < by.Length ? by[to] : 0);
        if (before == 0) return new Hole(call.Index, from, to - from, voiced, "before the first connection");
        if (after == 0) return new Hole(call.Index, from, to - from, voiced, "after the last connection");
        // Whatever lay between the two that heard its sides; after a replay the earlier side may have been heard by the later one.
        var between = changes.Where(c => c.From >= Math.Min(before, after) && c.From < Math.Max(before, after)).ToList();
        var cause = between.Find(static c => !c.IsRotation) ?? between.FirstOrDefault();
        return new Hole(call.Index, from, to - from, voiced, cause?.Name ?? "within a connection");
    }

    /// <summary>What some connection received and the model still knew when the next one went on.</summary>
    private static bool[] Remembered(IReadOnlyList<HeardConnection> connections, int total)
    {
        var remembered = new bool[total];
        // Attempts that were turned away heard nothing, and nothing goes on from them.
        var alive = connections.Where(static c => c.Audio.SentTo.Length > 0).ToList();
        for (var c = 0; c < alive.Count; c++)
        {
            var until = alive[c].RememberedUntil(c + 1 < alive.Count ? alive[c + 1].Session : null);
            for (var frame = 0; frame < alive[c].Audio.SentTo.Length && alive[c].Audio.FrameAt[frame] <= until; frame++)
                for (var unit = alive[c].Audio.SentTo[frame] / Unit; unit >= 0 && unit < Math.Min(total, (alive[c].Audio.SentTo[frame] + Frame) / Unit); unit++)
                    remembered[unit] = true;
        }
        return remembered;
    }

    /// <summary>A frame that stands before one which the same connection had received earlier.</summary>
    private static long Backwards(IReadOnlyList<HeardConnection> connections)
    {
        long backwards = 0;
        foreach (var heard in connections)
        {
            var furthest = -1L;
            foreach (var place in heard.Audio.SentTo.Where(static p => p >= 0))
            {
                if (place < furthest - Frame / 2) backwards++;
                furthest = Math.Max(furthest, place);
            }
        }
        return backwards;
    }

    /// <summary>Which connection was followed by which, and why, as the gateway has it.</summary>
    private static IReadOnlyList<Change> Changes(IReadOnlyList<HeardConnection> connections, CallView record)
    {
        var changes = new List<Change>();
        foreach (var link in record.Link.Where(static l => l.Kind is "rotated" or "restored" or "fell_back"))
        {
            var at = record.StartedAt.AddMilliseconds(link.AtMs);
            // The connection that had begun last when the gateway called it up.
            var to = connections.Count(c => c.Session.StartedAt <= at.AddMilliseconds(20));
            if (to < 2) continue;
            // One that was half-open when its time came had lost what it was sent before that: the fault's doing.
            var wasDeaf = connections.Take(to - 1).LastOrDefault(static c => c.Audio.SentTo.Length > 0)?.Session.Faults.Any(static f => f.Fault is Fault.HalfOpen) == true;
            var planned = link.Kind == "rotated" && !wasDeaf;
            changes.Add(new Change(to - 1, planned, $"{(planned ? "rotation" : "fault")} ({link.Cause}{(wasDeaf ? ", half-open before" : "")}) at {link.AtMs} ms"));
        }
        return changes;
    }

    // From: the number of the connection before it, from 1.
    private sealed record Change(int From, bool IsRotation, string Name);
}
