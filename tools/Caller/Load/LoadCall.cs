namespace VoiceGateway.Caller;

/// <summary>One call of a load run, and how far it is.</summary>
internal sealed class LoadCall : IProgress<CallerEvent>
{
    private volatile bool _answered;
    private volatile bool _ended;

    public Task<CallerReport> Report { get; set; } = null!;

    public bool IsUp => _answered && !_ended;

    public bool HasEnded => _ended;

    public bool IsDecided => _answered || _ended;

    void IProgress<CallerEvent>.Report(CallerEvent value)
    {
        if (value.Kind == CallerEventKind.Answered) _answered = true;
        if (value.Kind == CallerEventKind.Ended) _ended = true;
    }
}
