using System.Diagnostics;

namespace VoiceGateway.Rtp;

/// <summary>
/// One thread for the media of many calls, with absolute deadlines:
/// <code>
///   every 2.5 ms:   tick the legs of this slot, one of eight   (OnTick, every 20 ms a leg)
///                   read every socket that has something       (OnReadable)
/// </code>
/// Without legs the thread sleeps. Counters may be read from any thread.
/// </summary>
public sealed class PlayoutClock : IAsyncDisposable
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ClockScheduling> _scheduled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AutoResetEvent _wake = new(false);
    private readonly PlayoutClockOptions _options;
    private readonly LegTable _legs;
    private readonly ClockLoop _loop;
    private readonly LatenessWatch _watch;
    private readonly PriorityKeeper _priority;
    private int _state;
    private volatile bool _stopping;

    public PlayoutClock(PlayoutClockOptions? options = null)
        : this(options ??= new PlayoutClockOptions(), Sleeper.For(options.Portable), Readiness.For(options.Portable))
    {
    }

    internal PlayoutClock(PlayoutClockOptions options, ISleeper sleeper, IReadiness readiness)
    {
        options.Validate();
        _options = options;
        _priority = new PriorityKeeper(options.RealTimePriority, ThreadScheduling.Ask);
        var tick = ToTicks(options.Tick);
        _legs = new LegTable(options.Slots, readiness);
        _watch = new LatenessWatch(options.Name, ToTicks(options.LateAfter), options.OnLate is { } tell ? late => Tell(tell, late) : null);
        _loop = new ClockLoop(_legs, readiness, sleeper, new TickSchedule(tick, options.Slots, ToTicks(options.MaxCatchUp)), _watch, stall: tick * options.Slots);
    }

    /// <summary>Name of the thread.</summary>
    public string Name => _options.Name;

    /// <summary>Legs on the clock.</summary>
    public int Count => _legs.Count;

    /// <summary>Ticks run since the start; the clock rests while it has no legs.</summary>
    public long Ticks => _loop.Ticks;

    /// <summary>Ticks that began more than <see cref="PlayoutClockOptions.LateAfter"/> behind their deadline.</summary>
    public long LateTicks => _watch.Late;

    /// <summary>Ticks left out after stalls longer than <see cref="PlayoutClockOptions.MaxCatchUp"/>.</summary>
    public long SkippedTicks => _loop.SkippedTicks;

    /// <summary>Worst lateness so far.</summary>
    public TimeSpan MaxLateness => Stopwatch.GetElapsedTime(0, _watch.Worst);

    /// <summary>Time spent in callbacks and system calls; near the time passed, the thread is full.</summary>
    public TimeSpan BusyTime => Stopwatch.GetElapsedTime(0, _loop.Busy);

    /// <summary>Legs removed because they threw.</summary>
    public long Faults => _loop.Faults;

    /// <summary>What the system has granted; known once the thread runs.</summary>
    public Task<ClockScheduling> Scheduling => _scheduled.Task;

    /// <summary>What the thread makes use of: it does without real time while it is busy most of the time.</summary>
    public ClockScheduling CurrentScheduling => _priority.Now;

    /// <summary>Those of <see cref="LateTicks"/> that came late for this reason.</summary>
    public long LateTicksBecause(LateTickCause cause) => _watch.LateBecause(cause);

    /// <summary>Starts the thread; a second call does nothing. Legs may be added before and after.</summary>
    public void Start()
    {
        if (Interlocked.CompareExchange(ref _state, 1, 0) == 0)
            new Thread(Run) { IsBackground = true, Name = _options.Name }.Start();
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

    private static void Tell(Action<LateTick> tell, LateTick late) =>
        ThreadPool.UnsafeQueueUserWorkItem(static told => told.tell(told.late), (tell, late), preferLocal: false);

    private void Run()
    {
        try
        {
            ThreadScheduling.SharpenTimers();
            _scheduled.TrySetResult(_priority.Begin());
            using var pressure = SystemPressure.OfThisThread();
            _watch.Attach(pressure);
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
            _loop.Rest();
            _wake.WaitOne();
            _loop.Start();
            return;
        }
        _loop.RunTick();
        _priority.Look(Stopwatch.GetTimestamp(), _loop.Busy);
    }

    private void Stop()
    {
        _legs.Close();
        _scheduled.TrySetResult(ClockScheduling.Ordinary);
        _stopped.TrySetResult();
    }
}
