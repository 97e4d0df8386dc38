namespace VoiceGateway.Plugins.Bookings;

/// <summary>What is free, from the slots taken in a stretch of time.</summary>
internal sealed class Availability(FloorPlan plan, OpeningHours hours, HashSet<(string Table, DateTime Slot)> taken)
{
    /// <summary>A table is free for the whole of a party's stay.</summary>
    public bool IsFree(DateTime start, int partySize) =>
        plan.For(partySize).Any(table => Slots.Between(start, start + plan.Duration).All(slot => !taken.Contains((table.Name, slot))));

    /// <summary>The free starts of a day, in order.</summary>
    public IEnumerable<DateTime> FreeStarts(DateOnly date, int partySize)
    {
        var now = hours.Now;
        if (date > hours.Today.AddDays(plan.MaxDaysAhead))
            return [];
        return hours.On(date)
            .SelectMany(period => Slots.Between(FirstSlot(period.Opens), period.Closes - plan.Duration + TimeSpan.FromTicks(1)))
            .Where(start => start >= now && IsFree(start, partySize));
    }

    /// <summary>
    /// The nearest free times: up to three on the day itself, else on the following days the one nearest to the hour asked for.
    /// </summary>
    public IReadOnlyList<DateTime> Nearest(DateTime wanted, int partySize, DateOnly first, int days, int count)
    {
        var date = DateOnly.FromDateTime(wanted);
        var sameDay = FreeStarts(date, partySize).OrderBy(s => (s - wanted).Duration()).Take(count).Order().ToList();
        if (sameDay.Count > 0)
            return sameDay;
        return [.. Enumerable.Range(0, days).Select(first.AddDays)
            .Where(d => d != date)
            .Select(d => FreeStarts(d, partySize).OrderBy(s => (s.TimeOfDay - wanted.TimeOfDay).Duration()).Cast<DateTime?>().FirstOrDefault())
            .OfType<DateTime>()
            .Take(count)];
    }

    private static DateTime FirstSlot(DateTime opens) =>
        Slots.IsOnGrid(opens) ? opens : new DateTime((opens.Ticks / Slots.Length.Ticks + 1) * Slots.Length.Ticks);
}
