namespace VoiceGateway.SipLoad;

/// <summary>A number of calls at a rate, from INVITE to the 200, by whoever placed them.</summary>
/// <param name="Against">Who was called.</param>
/// <param name="Generator">Who called.</param>
/// <param name="Rate">Calls a second that were asked for; 0: as many as were answered.</param>
/// <param name="Calls">Placed.</param>
/// <param name="Failed">Of these: not answered.</param>
/// <param name="Seconds">From the first INVITE to the last.</param>
/// <param name="P50Ms">INVITE to 200.</param>
/// <param name="P99Ms">INVITE to 200.</param>
/// <param name="MaxMs">INVITE to 200.</param>
internal sealed record CallResult(string Against, string Generator, int Rate, int Calls, int Failed, double Seconds, double P50Ms, double P99Ms, double MaxMs)
{
    public double CallsPerSecond => Seconds > 0 ? Calls / Seconds : 0;

    /// <summary>INVITE and BYE; an ACK of a 200 is none.</summary>
    public double TransactionsPerSecond => 2 * CallsPerSecond;

    public static CallResult Of(string against, string generator, int rate, double seconds, int failed, List<double> setupMs)
    {
        setupMs.Sort();
        return new CallResult(against, generator, rate, setupMs.Count + failed, failed, seconds, At(setupMs, 0.50), At(setupMs, 0.99), At(setupMs, 1));
    }

    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[Math.Min((int)(share * sorted.Count), sorted.Count - 1)];
}
