using System.Globalization;

namespace VoiceGateway.Plugins.Bookings;

/// <summary>Half hours of wall-clock time, as they are stored: <c>2026-09-25T19:00</c>, which sorts as it reads.</summary>
internal static class Slots
{
    // No setting: rows of another length would not collide with those that are there.
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(30);

    private const string Format = "yyyy-MM-dd'T'HH:mm";

    public static bool IsOnGrid(DateTime at) => at.Ticks % Length.Ticks == 0;

    public static IEnumerable<DateTime> Between(DateTime from, DateTime to)
    {
        for (var slot = from; slot < to; slot += Length)
            yield return slot;
    }

    public static string Write(DateTime at) => at.ToString(Format, CultureInfo.InvariantCulture);

    public static DateTime Read(string text) => DateTime.ParseExact(text, Format, CultureInfo.InvariantCulture);
}
