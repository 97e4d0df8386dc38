using System.Diagnostics;

namespace VoiceGateway.Rtp;

/// <summary>
/// Real time is for those who need little: a clock thread that is busy most of the time would shut out the threads that receive the
/// model's voice and answer calls. It gives real time back until it has time to spare again, and is favoured meanwhile. Looked at once a second.
/// </summary>
/// <param name="realTimePriority">0: nothing is asked for.</param>
/// <param name="ask">Asks the system, with a priority or with 0 for less than real time; what it granted.</param>
internal sealed class PriorityKeeper(int realTimePriority, Func<int, ClockScheduling> ask)
{
    private const double TooBusy = 0.7;
    private const double AtEase = 0.5;

    private volatile ClockScheduling _now;
    private bool _isLowered;
    private long _lookedAt;
    private long _busy;

    public ClockScheduling Now => _now;

    /// <summary>On the thread itself, before anything else.</summary>
    public ClockScheduling Begin() => _now = realTimePriority > 0 ? ask(realTimePriority) : ClockScheduling.Ordinary;

    /// <param name="now">Stopwatch ticks.</param>
    /// <param name="busy">So far, in the same.</param>
    public void Look(long now, long busy)
    {
        var passed = now - _lookedAt;
        if (passed < Stopwatch.Frequency)
            return;
        var share = (busy - _busy) / (double)passed;
        (_lookedAt, _busy) = (now, busy);
        if (_now == ClockScheduling.RealTime && share > TooBusy)
            (_isLowered, _now) = (true, ask(0));
        else if (_isLowered && share < AtEase)
            (_isLowered, _now) = (false, ask(realTimePriority));
    }
}
