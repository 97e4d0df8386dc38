namespace VoiceGateway.LiveSimulator;

/// <summary>Lets the armed faults of one session come at their times, once it has been set up.</summary>
internal sealed class FaultTimer(FaultInjector injector, IReadOnlyList<ArmedFault> armed, ConversationThread thread, TimeProvider time)
{
    /// <summary>Ends with the session.</summary>
    public async Task RunAsync()
    {
        try
        {
            await LetThemComeAsync();
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
    }

    private async Task LetThemComeAsync()
    {
        var started = time.GetTimestamp();
        List<Due> all = [.. armed.Where(static each => each.At.Kind is FaultMomentKind.After or FaultMomentKind.Every).Select(each => FirstOf(each, started))];
        while (all.Count > 0)
        {
            var next = all.MinBy(static each => each.At)!;
            var wait = time.GetElapsedTime(time.GetTimestamp(), next.At);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, time, injector.Gone);
            if (!await injector.InjectAsync(next.Draw?.Draw() ?? next.Armed.From[0]))
                return;
            if (next.Draw is not null)
                next.At = next.Draw.Next;
            else if (next.Armed.At.Kind == FaultMomentKind.Every)
                next.At += Ticks(next.Armed.At.Time);
            else
                all.Remove(next);
        }
    }

    private Due FirstOf(ArmedFault fault, long started)
    {
        if (!fault.IsRandom)
            return new(fault, null) { At = started + Ticks(fault.At.Time) };
        if (!thread.Draws.TryGetValue(fault.Id, out var draw))
            thread.Draws[fault.Id] = draw = new RandomDraw(fault, time);
        return new(fault, draw) { At = draw.Next };
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private sealed record Due(ArmedFault Armed, RandomDraw? Draw)
    {
        public long At { get; set; }
    }
}
