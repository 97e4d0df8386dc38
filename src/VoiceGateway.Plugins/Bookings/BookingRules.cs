namespace VoiceGateway.Plugins.Bookings;

/// <summary>What can be booked at all, whoever else has booked.</summary>
internal sealed class BookingRules(FloorPlan plan, OpeningHours hours)
{
    /// <summary>Why not, in words for the caller; null when the time is bookable.</summary>
    public string? Refusal(DateTime start, int partySize)
    {
        var date = DateOnly.FromDateTime(start);
        if (partySize < 1)
            return "party_size must be at least 1.";
        if (partySize > plan.LargestTable)
            return $"The largest table seats {plan.LargestTable}; a party of {partySize} cannot be booked at one table.";
        if (start < hours.Now)
            return $"{Words.Moment(start)} is in the past; it is {Words.Moment(hours.Now)} now ({Words.Argument(hours.Now)}).";
        if (date > hours.Today.AddDays(plan.MaxDaysAhead))
            return $"{Words.Day(date)} is too far ahead; bookings are taken up to {Words.Day(hours.Today.AddDays(plan.MaxDaysAhead))}.";
        if (!hours.IsOpen(start, start + plan.Duration))
            return ClosedThen(start, date);
        return Slots.IsOnGrid(start) ? null : "Tables are booked on the hour and the half hour.";
    }

    /// <summary>The bookable day that is nearest to a date.</summary>
    public DateOnly ClampToBookable(DateOnly date)
    {
        var last = hours.Today.AddDays(plan.MaxDaysAhead);
        return date < hours.Today ? hours.Today : date > last ? last : date;
    }

    private string ClosedThen(DateTime start, DateOnly date)
    {
        var open = hours.Describe(date);
        if (open == "closed")
            return $"We are closed on {Words.Day(date)}.";
        return hours.IsOpen(start, start)
            ? $"{Words.Moment(start)} is too late: a table is kept for {plan.Duration.TotalMinutes:0} minutes and we are open {open} that day."
            : $"We are not open on {Words.Moment(start)}; on that day we are open {open}.";
    }
}
