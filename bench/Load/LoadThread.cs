namespace VoiceGateway.Load;

/// <summary>
/// A thread that does something every millisecond until it is disposed. It sleeps by an absolute deadline and makes up for what it
/// missed; when it was late, and by how much, says how far its own doings can be trusted.
/// </summary>
internal abstract class LoadThread : IDisposable
{
    protected const long TickNanoseconds = 1_000_000;

    private const long Late = 5 * TickNanoseconds;

    private readonly Thread _thread;
    private volatile bool _stopping;
    private long _lateTicks;
    private long _maxLateness;

    protected LoadThread(string name) => _thread = new Thread(Run) { Name = name, IsBackground = true };

    public Exception? Fault { get; private set; }

    /// <summary>Ticks that began 5 ms late or more, since the last time this was asked; and by how much at most.</summary>
    public (long Ticks, double MaxMs) TakeLateness() =>
        (Interlocked.Exchange(ref _lateTicks, 0), Interlocked.Exchange(ref _maxLateness, 0) / 1e6);

    public void Start() => _thread.Start();

    public virtual void Dispose()
    {
        _stopping = true;
        if (_thread.IsAlive) _thread.Join();
    }

    protected abstract void Tick(long number);

    private void Run()
    {
        try
        {
            var deadline = WallClock.Monotonic;
            for (var tick = 0L; !_stopping; tick++, deadline += TickNanoseconds)
            {
                if (WallClock.Monotonic < deadline) WallClock.SleepUntil(deadline);
                CountLateness(WallClock.Monotonic - deadline);
                Tick(tick);
            }
        }
        catch (Exception fault)
        {
            Fault = fault;
            Console.Error.WriteLine($"{_thread.Name}: {fault}");
        }
    }

    private void CountLateness(long late)
    {
        if (late >= Late) Interlocked.Increment(ref _lateTicks);
        if (late > Volatile.Read(ref _maxLateness)) Volatile.Write(ref _maxLateness, late);
    }
}
