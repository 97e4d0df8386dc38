using System.Globalization;

namespace VoiceGateway.Caller;

/// <summary>Durations as people write them: <c>700ms</c>, <c>1.5s</c>, <c>2m</c>, <c>1h</c>. A bare number is refused: it does not say its unit.</summary>
public static class DurationText
{
    public const string Expected = "a duration such as 700ms, 1.5s or 2m";

    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null) return false;
        foreach (var (unit, milliseconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            if (!double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            if (number * milliseconds > TimeSpan.FromDays(1).TotalMilliseconds) return false;
            duration = TimeSpan.FromMilliseconds(number * milliseconds);
            return true;
        }
        return false;
    }
}
