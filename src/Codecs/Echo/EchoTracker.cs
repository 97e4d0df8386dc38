using System.Collections.Concurrent;

namespace VoiceGateway.Codecs;

/// <summary>
/// What follows an echo once it is proven: the filter that foretells it, and the watch over its delay. 10 kB, which only a line with an echo
/// needs: rented, and given back when the echo is gone.
/// </summary>
internal sealed class EchoTracker
{
    private static readonly ConcurrentQueue<EchoTracker> Spare = new();

    private EchoTracker()
    {
    }

    public EchoDelayEstimator Estimator { get; } = new();

    public AdaptiveFilter Filter { get; } = new();

    /// <summary>As if it had been there all the time.</summary>
    public static EchoTracker Rent(EchoReference reference)
    {
        if (!Spare.TryDequeue(out var tracker)) tracker = new EchoTracker();
        tracker.Filter.Reset();
        tracker.Estimator.Begin(reference);
        return tracker;
    }

    public void Return() => Spare.Enqueue(this);
}
