using System.Globalization;
using VoiceGateway.Caller;

namespace VoiceGateway.Load;

/// <summary>Times in milliseconds, as far as there are any.</summary>
internal sealed record Percentiles(long Count, double? P50, double? P95, double? P99, double? P999, double? Max)
{
    public static Percentiles Of(ArrivalHistogram times) => new(
        times.Count, times.Percentile(50), times.Percentile(95), times.Percentile(99), times.Percentile(99.9), times.Count > 0 ? Math.Round(times.MaxMs, 3) : null);

    public static string Show(double? milliseconds) => milliseconds is { } ms ? ms.ToString(ms < 10 ? "0.00" : ms < 100 ? "0.0" : "0", CultureInfo.InvariantCulture) : "–";
}
