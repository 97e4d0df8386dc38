namespace VoiceGateway.Turns;

/// <summary>Stalls by cause: how many, how many ended well, how long that took.</summary>
internal sealed class StallCounts
{
    private static readonly StallCause[] Causes = Enum.GetValues<StallCause>();

    private readonly StallCount[] _counts = [.. Causes.Select(static c => new StallCount(c, 0, 0, default, default))];

    public void Detected(StallCause cause) => _counts[(int)cause] = _counts[(int)cause] with { Detected = _counts[(int)cause].Detected + 1 };

    public void Recovered(StallCause cause, TimeSpan after)
    {
        var count = _counts[(int)cause];
        _counts[(int)cause] = count with
        {
            Recovered = count.Recovered + 1,
            RecoveryTime = count.RecoveryTime + after,
            LongestRecovery = after > count.LongestRecovery ? after : count.LongestRecovery,
        };
    }

    public IReadOnlyList<StallCount> Snapshot() => [.. _counts.Where(static c => c.Detected > 0)];
}
