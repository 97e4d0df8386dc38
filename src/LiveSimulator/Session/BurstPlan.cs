namespace VoiceGateway.LiveSimulator;

/// <summary>Into which pieces audio is cut, and when each may go: several at once, then a pause, in all <see cref="Delivery.Speed"/> times real time.</summary>
internal sealed class BurstPlan(Delivery delivery, Random random)
{
    private TimeSpan _slack;

    /// <summary>Mostly large messages, some middling, now and then a tiny one; always whole samples.</summary>
    public int NextChunkBytes(int remaining)
    {
        var largest = delivery.LargestChunkBytes;
        var (from, to) = random.Next(8) switch
        {
            0 => (delivery.SmallestChunkBytes, Math.Max(delivery.SmallestChunkBytes, largest / 24)),
            1 or 2 => (largest / 24, largest / 3),
            _ => (largest / 3, largest),
        };
        var bytes = Math.Clamp(random.Next(from, to + 1), delivery.SmallestChunkBytes, largest) & ~1;
        return Math.Min(Math.Max(bytes, 2), remaining);
    }

    /// <summary>How long to wait before the next piece, when so much audio went out in so much time.</summary>
    public TimeSpan Pause(TimeSpan sent, TimeSpan elapsed)
    {
        var ahead = (sent / delivery.Speed) - elapsed;
        if (ahead <= _slack)
            return TimeSpan.Zero;
        _slack = TimeSpan.FromMilliseconds(random.Next(20, 150));
        return ahead;
    }
}
