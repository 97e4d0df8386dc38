namespace VoiceGateway.Soak;

/// <summary>How long, how many calls, and how much goes wrong.</summary>
internal sealed record SoakOptions
{
    public int Calls { get; init; } = 20;

    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(22);

    /// <summary>Every other call gets goAway this often; all connections are replaced at three quarters of it.</summary>
    public TimeSpan RotateEvery { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan GoAwayLeft { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>On average, in each call; half to one and a half times that.</summary>
    public TimeSpan FaultEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Nothing goes wrong any more for this long before the end: what was under way comes to its end.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(40);

    public int Seed { get; init; } = 1;

    /// <summary>Of a caller's turns: more than there is time for, one takes 40 s and more.</summary>
    public int Rounds => 2 + (int)(Duration.TotalSeconds / 20);

    /// <summary>When the gateway is made to collect its garbage, and looked at: the first time everything has been used that will be.</summary>
    public IReadOnlyList<TimeSpan> CollectAt => [Duration * 0.45, Duration * 0.7, Duration * 0.95];

    public TimeSpan RotateAfter => RotateEvery * 0.75;
}
