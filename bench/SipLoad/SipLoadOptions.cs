namespace VoiceGateway.SipLoad;

/// <param name="Calls">Of the long run.</param>
/// <param name="Seconds">Of each rate.</param>
/// <param name="Report">Path without its ending.</param>
internal sealed record SipLoadOptions(int Calls, int Seconds, string Report)
{
    /// <summary>Calls a second at which the delay to the 200 is measured.</summary>
    public static int[] Rates { get; } = [10, 100, 300];

    /// <summary>The same of the whole gateway, where each call has a conversation, its audio and a record besides.</summary>
    public static int[] GatewayRates { get; } = [10, 50];

    /// <summary>Of the long run: what a bare gateway of another stack managed before its list of transactions was full.</summary>
    public const int LongRunRate = 780;

    /// <summary>What the delay at the median has to stay below.</summary>
    public const double MostSetupMs = 5.1;

    /// <summary>Above it the figures are the machine's, not ours.</summary>
    public const double QuietLoad = 1;
}
