using System.Globalization;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins;

/// <summary>When the business is open, in its own wall-clock time.</summary>
public sealed class OpeningHours
{
    private static readonly string[] TimeFormats = ["HH:mm", "H:mm"];

    private readonly Dictionary<DayOfWeek, List<(TimeSpan Opens, TimeSpan Closes)>> _week = [];
    private readonly HashSet<DateOnly> _closedOn;
    private readonly TimeProvider _time;
    private readonly TimeZoneInfo _zone;

    private OpeningHours(BusinessSettings settings, string key, TimeProvider time)
    {
        _time = time;
        _zone = FindZone(settings.TimeZone, key, time);
        _closedOn = [.. settings.ClosedOn];
        foreach (var (day, text) in settings.OpeningHours)
            _week[day] = Parse(text, $"{key}:{nameof(settings.OpeningHours)}:{day}");
    }

    /// <summary>The wall clock on the business's wall.</summary>
    public DateTime Now => TimeZoneInfo.ConvertTime(_time.GetUtcNow(), _zone).DateTime;

    public DateOnly Today => DateOnly.FromDateTime(Now);

    /// <exception cref="ConfigurationException">Hours or a time zone that cannot be read.</exception>
    public static OpeningHours From(ToolPluginContext context) =>
        new(context.Business.Bind<BusinessSettings>(), context.Business.Key, context.Time);

    /// <summary>The periods that begin on a date, in order; none when closed.</summary>
    public IReadOnlyList<OpenPeriod> On(DateOnly date)
    {
        if (_closedOn.Contains(date) || !_week.TryGetValue(date.DayOfWeek, out var periods))
            return [];
        var midnight = date.ToDateTime(TimeOnly.MinValue);
        return [.. periods.Select(p => new OpenPeriod(midnight + p.Opens, midnight + p.Closes))];
    }

    /// <summary>Open without a break from one time to another; hours that run past midnight count for the day before.</summary>
    public bool IsOpen(DateTime from, DateTime to)
    {
        var date = DateOnly.FromDateTime(from);
        return On(date).Concat(On(date.AddDays(-1))).Any(p => p.Opens <= from && to <= p.Closes);
    }

    /// <summary>"12:00 to 15:00 and 18:00 to 23:00", or "closed".</summary>
    public string Describe(DateOnly date) => On(date) is { Count: > 0 } periods ? string.Join(" and ", periods) : "closed";

    private static TimeZoneInfo FindZone(string id, string key, TimeProvider time)
    {
        if (id.Length == 0)
            return time.LocalTimeZone;
        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
            ? zone
            : throw new ConfigurationException($"{key}:{nameof(BusinessSettings.TimeZone)}", $"'{id}' is no time zone of this machine; an IANA name such as Europe/Berlin is expected");
    }

    private static List<(TimeSpan Opens, TimeSpan Closes)> Parse(string text, string key)
    {
        var periods = new List<(TimeSpan Opens, TimeSpan Closes)>();
        if (text.Trim() is "" or "closed" or "Closed")
            return periods;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('-', StringSplitOptions.TrimEntries) is not [var from, var to] || ReadTime(from) is not { } opens || ReadTime(to) is not { } closes || opens == closes)
                throw new ConfigurationException(key, $"'{part}' is not understood; 12:00-23:00 or closed is expected");
            periods.Add((opens, closes > opens ? closes : closes + TimeSpan.FromDays(1)));
        }

        periods.Sort();
        return periods;
    }

    private static TimeSpan? ReadTime(string text) =>
        text == "24:00" ? TimeSpan.FromDays(1)
        : TimeOnly.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.ToTimeSpan()
        : null;
}
