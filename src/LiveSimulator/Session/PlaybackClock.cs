namespace VoiceGateway.LiveSimulator;

/// <summary>
/// How long what has been sent still plays at the caller's. The service cannot hear that either: it reckons that audio plays
/// from when it was sent, one piece after the other, and calls it an interruption when the caller speaks before that is over.
/// </summary>
internal sealed class PlaybackClock(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _endsAt = time.GetTimestamp();

    public TimeSpan Remaining
    {
        get
        {
            lock (_gate)
            {
                var remaining = time.GetElapsedTime(time.GetTimestamp(), _endsAt);
                return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
            }
        }
    }

    public bool IsPlaying => Remaining > TimeSpan.Zero;

    public void Play(TimeSpan duration)
    {
        lock (_gate)
            _endsAt = Math.Max(_endsAt, time.GetTimestamp()) + (long)(duration.TotalSeconds * time.TimestampFrequency);
    }

    public void Stop()
    {
        lock (_gate)
            _endsAt = time.GetTimestamp();
    }

    public async Task WaitUntilSilentAsync(CancellationToken cancellationToken)
    {
        while (Remaining is var remaining && remaining > TimeSpan.Zero)
            await Task.Delay(remaining + TimeSpan.FromMilliseconds(1), time, cancellationToken);
    }
}
