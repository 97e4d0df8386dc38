namespace VoiceGateway.GeminiLive.Tests;

/// <summary>The system's time, but timers that repeat run only when the test says so.</summary>
internal sealed class FiredTime : TimeProvider
{
    private readonly List<Timer> _timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period == Timeout.InfiniteTimeSpan) return System.CreateTimer(callback, state, dueTime, period);

        var timer = new Timer(() => callback(state), period, this);
        lock (_timers) _timers.Add(timer);
        return timer;
    }

    /// <summary>Whether a timer of this period runs.</summary>
    public bool Runs(TimeSpan period) => Running(period) > 0;

    /// <summary>How many timers of this period run.</summary>
    public int Running(TimeSpan period)
    {
        lock (_timers) return _timers.Count(timer => timer.Period == period);
    }

    public void Fire(TimeSpan period)
    {
        Timer[] due;
        lock (_timers) due = [.. _timers.Where(timer => timer.Period == period)];
        foreach (Timer timer in due) timer.Run();
    }

    private sealed record Timer(Action Run, TimeSpan Period, FiredTime Owner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (Owner._timers) Owner._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
