namespace VoiceGateway.Turns;

/// <summary>
/// What the model is told after an interruption, and when. Where the caller was heard on this side too: how much of its words
/// reached the caller, as soon as its transcript has caught up. Where nobody was heard, neither before nor soon after, the model
/// interrupted itself (a phantom): it is to say the rest.
/// <code>
///   cut ─┬─ caller heard lately ──────── 200 ms ──▶ TellHeard
///        └─ nobody ── 500 ms ─┬─ caller heard ────▶ TellHeard
///                             └─ still nobody ────▶ Phantom
/// </code>
/// The caller is heard on the clock thread; the model interrupts on the Live receive loop.
/// </summary>
public sealed class BargeInFollowUp(TimeProvider time)
{
    // The model may take this long to notice what was said.
    private static readonly TimeSpan Lately = TimeSpan.FromMilliseconds(1500);

    // And a caller who speaks softly, this long to be noticed on this side.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan LateWords = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private long? _heardAt;
    private long? _cutAt;
    private bool _heard;

    /// <summary>Any sound that may be the caller's.</summary>
    public void CallerHeard()
    {
        lock (_gate)
        {
            _heardAt = time.GetTimestamp();
            _heard |= _cutAt is not null;
        }
    }

    /// <summary>Words of the agent were cut off.</summary>
    /// <param name="byModel">The model said so; otherwise the caller was heard on this side.</param>
    public void Cut(bool byModel)
    {
        lock (_gate)
        {
            _heard |= !byModel || (_heardAt is { } heardAt && time.GetElapsedTime(heardAt) < Lately);
            _cutAt ??= time.GetTimestamp();
        }
    }

    /// <summary>What is said from now on is another matter.</summary>
    public void Forget()
    {
        lock (_gate) (_cutAt, _heard) = (null, false);
    }

    /// <summary>Every 20 ms, from the clock.</summary>
    public BargeInVerdict Tick()
    {
        lock (_gate)
        {
            if (_cutAt is not { } cutAt || time.GetElapsedTime(cutAt) < (_heard ? LateWords : Soon)) return BargeInVerdict.None;
            var verdict = _heard ? BargeInVerdict.TellHeard : BargeInVerdict.Phantom;
            (_cutAt, _heard) = (null, false);
            return verdict;
        }
    }
}
