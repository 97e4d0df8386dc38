using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.Bookings;

/// <summary>The tables and the rules for giving them away.</summary>
internal sealed class FloorPlan
{
    private readonly Table[] _smallestFirst;

    public FloorPlan(PluginSettings section)
    {
        var settings = section.Bind<BookingSettings>();
        Duration = TimeSpan.FromMinutes(settings.DurationMinutes);
        MaxDaysAhead = settings.MaxDaysAhead;
        _smallestFirst = [.. settings.Tables.Select(t => new Table(t.Key, t.Value)).OrderBy(t => t.Seats).ThenBy(t => t.Name, StringComparer.Ordinal)];
        Require(settings.DurationMinutes is > 0 and <= 24 * 60 && settings.DurationMinutes % Slots.Length.TotalMinutes == 0, section, nameof(settings.DurationMinutes), "must be a multiple of 30 minutes, a day at most");
        Require(settings.MaxDaysAhead is > 0 and <= 3650, section, nameof(settings.MaxDaysAhead), "must be between 1 and 3650");
        Require(settings.Tables.Count > 0, section, nameof(settings.Tables), "there must be at least one table");
        foreach (var table in _smallestFirst)
            Require(table.Seats is > 0 and <= 1000, section, $"{nameof(settings.Tables)}:{table.Name}", "a table has at least one seat");
    }

    /// <summary>How long a table is kept for a party.</summary>
    public TimeSpan Duration { get; }

    public int MaxDaysAhead { get; }

    public int LargestTable => _smallestFirst[^1].Seats;

    /// <summary>
    /// Tables that seat a party, the tightest fit first. Everybody tries them in this order, which also keeps parallel
    /// transactions from waiting for one another in a circle.
    /// </summary>
    public IEnumerable<Table> For(int partySize) => _smallestFirst.Where(t => t.Seats >= partySize);

    private static void Require(bool condition, PluginSettings section, string key, string problem)
    {
        if (!condition)
            throw new ConfigurationException($"{section.Key}:{key}", problem);
    }
}
