using System.Globalization;

namespace VoiceGateway.Turns;

/// <summary>A short time in words that a model can say: "50 seconds", "one minute", "5 minutes".</summary>
internal static class SpokenTime
{
    public static string Of(TimeSpan time)
    {
        var seconds = (int)Math.Round(Math.Max(0, time.TotalSeconds));
        return seconds switch
        {
            < 10 => "a few seconds",
            < 50 => (seconds / 10 * 10).ToString(CultureInfo.InvariantCulture) + " seconds",
            < 90 => "one minute",
            _ => Math.Round(seconds / 60.0).ToString(CultureInfo.InvariantCulture) + " minutes",
        };
    }
}
