using System.Diagnostics;

namespace VoiceGateway.Rtp;

/// <summary>
/// One thread for the media of all calls, with absolute deadlines:
/// <code>
///   every 5 ms:   read every socket that has something      (OnReadable)
///                 tick the legs of this slot, one of four   (OnTick, every 20 ms a leg)
/// </code>
/// Without legs the thread sleeps. Counters may be read from any thread.
/// </summary>
public sealed class PlayoutClock : IAsyncDisposable
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AutoResetEvent _wake = new(false);
    private readonly LegTable _legs;
    private readonly ClockLoop _loop;
    private int _state;
    private volatile bool _stopping;

    public PlayoutClock(PlayoutClockOptions? options = null)
        : this(options ??= new PlayoutClockOptions(), Sleeper.For(options.Portable), Readiness.For(options.Portable))
    {
    }

    internal PlayoutClock(PlayoutClockOptions options, ISleeper sleeper, IReadiness readiness)
    {
        options.Validate();
        var tick = ToTicks(options.Tick);
        _legs = new LegTable(options.Slots, readiness);
        _loop = new ClockLoop(_legs, readiness, sleeper, new TickSchedule(tick, options.Slots, ToTicks(options.MaxCatchUp)), tick);
    }

    /// <summary>Legs on the clock.</summary>
    public int Count => _legs.Count;

    /// <summary>Ticks run since the start; the clock rests while it has no legs.</summary>
    public long Ticks => _loop.Ticks;

    /// <summary>Ticks that began more than one tick length after their deadline.</summary>
    public long LateTicks => _loop.LateTicks;

    /// <summary>Ticks left out after stalls longer than <see cref="PlayoutClockOptions.MaxCatchUp"/>.</summary>
    public long SkippedTicks => _loop.SkippedTicks;

    /// <summary>Worst lateness so far.</summary>
    public TimeSpan MaxLateness => Stopwatch.GetElapsedTime(0, _loop.MaxLateness);

    /// <summary>Time spent in callbacks and system calls; near the time passed, the thread is full.</summary>
    public TimeSpan BusyTime => Stopwatch.GetElapsedTime(0, _loop.Busy);

    /// <summary>Legs removed because they threw.</summary>
    public long Faults => _loop.Faults;

    /// <summary>Starts the thread; a second call does nothing. Legs may be added before and after.</summary>
    public void Start()
    {
        if (Interlocked.CompareExchange(ref _state, 1, 0) == 0)
            new Thread(Run) { IsBackground = true, Name = "playout clock" }.Start();
    }

    /// <summary>Puts a leg on the clock, in the slot with the fewest. Its first callback may come before this returns.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The kernel watches no more sockets.</exception>
    /// <exception cref="ObjectDisposedException">The clock has been disposed.</exception>
    public ClockLease Add(IClocked leg)
    {
        ArgumentNullException.ThrowIfNull(leg);
        var lease = new ClockLease(_legs, _legs.Add(leg));
        _wake.Set();
        return lease;
    }

    /// <summary>Stops the thread. Legs that are still on the clock get no more callbacks.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        if (Interlocked.Exchange(ref _state, 2) == 0)
            Stop();
        else
            _wake.Set();
        await _stopped.Task.ConfigureAwait(false);
    }

    private static long ToTicks(TimeSpan span) => (long)(span.TotalSeconds * Stopwatch.Frequency);

    private void Run()
    {
        // The place to ask for SCHED_FIFO, should the lateness counters ever say that it is needed.
        try
        {
            _loop.Start();
            while (!_stopping)
                RunLoop();
        }
        finally
        {
            Stop();
        }
    }

    private void RunLoop()
    {
        if (_legs.Count == 0)
        {
            _wake.WaitOne();
            _loop.Start();
            return;
        }
        _loop.RunTick();
    }

    private void Stop()
    {
        _legs.Close();
        _stopped.TrySetResult();
    }
}
