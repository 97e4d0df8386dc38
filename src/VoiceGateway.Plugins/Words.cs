using System.Globalization;

namespace VoiceGateway.Plugins;

/// <summary>Dates and times as a model can read them out, and as it can send them back.</summary>
internal static class Words
{
    public static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Date(DateTime at) => Date(DateOnly.FromDateTime(at));

    public static string Time(DateTime at) => at.ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string Day(DateOnly date) => date.ToString("dddd d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Moment(DateTime at) => at.ToString("dddd d MMMM 'at' HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Date and time as arguments: <c>2026-09-25 19:00</c>.</summary>
    public static string Argument(DateTime at) => at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
