namespace VoiceGateway.Sip;

/// <summary>Lets answered requests go when their repeats can come no more: one timer for all of them, where there may be ten thousands.</summary>
internal sealed class AnsweredRequests(TimeProvider time)
{
    // Those that are due within it of one another go together.
    private static readonly TimeSpan Coarseness = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();

    // All are kept for the same time, give or take the way of an ACK: the first in is the first out.
    private readonly Queue<(AnsweredRequest Request, long Due)> _kept = new();
    private ITimer? _timer;
    private bool _isOver;

    /// <param name="request">In the table.</param>
    /// <param name="duration">None where its time is up already.</param>
    public void Keep(AnsweredRequest request, TimeSpan duration)
    {
        lock (_gate)
        {
            if (!_isOver && duration > TimeSpan.Zero)
            {
                _kept.Enqueue((request, time.GetTimestamp() + Ticks(duration)));
                _timer ??= time.CreateTimer(_ => LetGo(), null, duration, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        request.End();
    }

    private void LetGo()
    {
        List<AnsweredRequest> due = [];
        lock (_gate)
        {
            var now = time.GetTimestamp();
            while (_kept.TryPeek(out var first) && first.Due <= now)
                due.Add(_kept.Dequeue().Request);
            if (_kept.TryPeek(out var next))
            {
                var until = TimeSpan.FromSeconds((next.Due - now) / (double)time.TimestampFrequency);
                _timer!.Change(until > Coarseness ? until : Coarseness, Timeout.InfiniteTimeSpan);
            }
            else
            {
                _timer?.Dispose();
                _timer = null;
            }
        }

        foreach (var request in due)
            request.End();
    }

    /// <summary>Nothing is kept any more, nor will be.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _isOver = true;
            _kept.Clear();
            _timer?.Dispose();
            _timer = null;
        }
    }

    private long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);
}
