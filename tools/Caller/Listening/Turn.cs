namespace VoiceGateway.Caller;

/// <summary>A turn while it goes on; moments in Stopwatch ticks, 0 for not yet.</summary>
internal sealed class Turn(TurnKind kind, string? text)
{
    public TurnKind Kind => kind;

    public string? Text => text;

    public long SpokeFrom { get; set; }

    public long SpokeUntil { get; set; }

    public bool OverAgent { get; set; }

    public long InterruptedUntil { get; set; }

    public long ReplyFrom { get; set; }

    public long ReplyUntil { get; set; }

    public TurnReport ToReport(long answered) => new()
    {
        Kind = kind,
        Text = text,
        SpokeFromMs = StopwatchTime.Between(answered, SpokeFrom) ?? 0,
        SpokeUntilMs = StopwatchTime.Between(answered, SpokeUntil),
        ReplyFromMs = StopwatchTime.Between(answered, ReplyFrom),
        ReplyUntilMs = StopwatchTime.Between(answered, ReplyUntil),
        LatencyMs = StopwatchTime.Between(SpokeUntil, ReplyFrom),
        OverAgent = OverAgent,
        BargeInStopMs = StopwatchTime.Between(SpokeFrom, InterruptedUntil),
    };
}
