namespace VoiceGateway.LiveSimulator;

/// <summary>When a conversation has its next random fault, and which.</summary>
internal sealed class RandomDraw
{
    private readonly ArmedFault _armed;
    private readonly TimeProvider _time;
    private readonly Random _random;

    public RandomDraw(ArmedFault armed, TimeProvider time)
    {
        (_armed, _time) = (armed, time);
        _random = armed.Seed is { } seed ? new Random(seed) : new Random();
        Next = time.GetTimestamp();
        Delay();
    }

    /// <summary>In the clock's ticks.</summary>
    public long Next { get; private set; }

    public Fault Draw()
    {
        var fault = _armed.From[_random.Next(_armed.From.Count)];
        Next = _time.GetTimestamp();
        Delay();
        return fault;
    }

    // Half to one and a half times the interval: calls that began together do not stay in step.
    private void Delay() => Next += (long)(_armed.At.Time.TotalSeconds * (0.5 + _random.NextDouble()) * _time.TimestampFrequency);
}
