namespace VoiceGateway.Caller;

/// <summary>What the network does to the caller's RTP on its way. As it comes from the constructor: nothing.</summary>
public sealed record Impairments
{
    public static readonly Impairments None = new();

    /// <summary>Of a hundred packets so many never arrive.</summary>
    public double LossPercent { get; init; }

    /// <summary>Lost packets in a row, on average; 1: each for itself.</summary>
    public double BurstPackets { get; init; } = 1;

    /// <summary>Every packet is late by something between nothing and this.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>A late packet holds up those behind it, as a queue does; otherwise they overtake it.</summary>
    public bool KeepOrder { get; init; }

    /// <summary>Of a hundred packets so many take a way that is longer by <see cref="Detour"/>, and are overtaken.</summary>
    public double ReorderPercent { get; init; }

    public TimeSpan Detour { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Of a hundred packets so many arrive twice.</summary>
    public double DuplicatePercent { get; init; }

    /// <summary>How much slower than ours the caller's clock runs, in millionths; negative: faster.</summary>
    public double DriftPpm { get; init; }

    /// <summary>A new stream this often: SSRC, sequence number and timestamp begin anew (RFC 3550 section 5.1). Zero: never.</summary>
    public TimeSpan NewStreamEvery { get; init; }

    /// <summary>The timestamps leap this often, and nothing else does. Zero: never.</summary>
    public TimeSpan TimestampLeapEvery { get; init; }

    /// <summary>Packets a second that somebody else sends to the gateway's port: a loud tone.</summary>
    public double StrangerPackets { get; init; }

    /// <summary>The same seed, the same fate of every packet.</summary>
    public int Seed { get; init; } = 1;

    internal bool IsNone => this with { Seed = None.Seed } == None;

    internal void Validate()
    {
        Percent(LossPercent, nameof(LossPercent));
        Percent(ReorderPercent, nameof(ReorderPercent));
        Percent(DuplicatePercent, nameof(DuplicatePercent));
        ArgumentOutOfRangeException.ThrowIfLessThan(BurstPackets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Jitter, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Detour, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(StrangerPackets, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(DriftPpm), 100_000, nameof(DriftPpm));

        static void Percent(double value, string name)
        {
            if (value is not (>= 0 and <= 100)) throw new ArgumentOutOfRangeException(name, value, "0 to 100 percent.");
        }
    }
}
