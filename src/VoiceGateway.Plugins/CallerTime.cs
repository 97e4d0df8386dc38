using System.Globalization;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins;

/// <summary>Reads the dates and times that a model sends; what it cannot read it refuses in words.</summary>
internal static class CallerTime
{
    private static readonly string[] TimeFormats = ["HH:mm", "H:mm", "HH:mm:ss"];

    public static DateOnly ReadDate(string date, DateOnly today) =>
        DateOnly.TryParseExact(date.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)
            ? read
            : throw new ToolException($"date must look like 2026-09-25; you sent '{date}'. Today is {Words.Day(today)}, {Words.Date(today)}.");

    public static TimeOnly ReadTime(string time) =>
        TimeOnly.TryParseExact(time.Trim(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)
            ? read
            : throw new ToolException($"time must look like 19:30, with 24 hours; you sent '{time}'.");
}
