using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>
/// Which legs are on the clock: by slot, for ticking, and by index, for finding the owner of a readable socket. The clock thread reads
/// without locking.
/// </summary>
internal sealed class LegTable(int slots, IReadiness readiness)
{
    private readonly Lock _changes = new();
    private readonly int[] _load = new int[slots];
    private readonly Stack<int> _freeIndexes = new();
    private ClockLeg?[] _byIndex = new ClockLeg?[64];
    private int _used;
    private int _generation;
    private int _count;
    private bool _closed;

    public int Count => Volatile.Read(ref _count);

    public int Capacity => Volatile.Read(ref _byIndex).Length;

    /// <summary>For the clock thread.</summary>
    public SlotLists Slots { get; } = new(slots);

    public ClockLeg? Find(long token)
    {
        var legs = Volatile.Read(ref _byIndex);
        var index = (int)((token & 0xFFFFFFFF) >> 1);
        var leg = index < legs.Length ? Volatile.Read(ref legs[index]) : null;
        return leg?.Token == (token & ~1L) ? leg : null;
    }

    public static bool IsRtcp(long token) => (token & 1) != 0;

    public ClockLeg Add(IClocked clocked)
    {
        lock (_changes)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(PlayoutClock));
            var leg = new ClockLeg(clocked, TakeIndex(), ++_generation, LeastLoadedSlot());
            try
            {
                Watch(leg);
            }
            catch
            {
                _freeIndexes.Push(leg.Index);
                throw;
            }
            Volatile.Write(ref _byIndex[leg.Index], leg);
            _load[leg.FirstSlot]++;
            _count++;
            Slots.Post(leg);
            return leg;
        }
    }

    /// <summary>Of a leg that <see cref="ClockLeg.Remove"/> has stopped. The clock forgets it when it comes by.</summary>
    public void Remove(ClockLeg leg)
    {
        lock (_changes)
        {
            if (_closed)
                return;
            Unwatch(leg);
            Volatile.Write(ref _byIndex[leg.Index], null);
            _freeIndexes.Push(leg.Index);
            _load[leg.FirstSlot]--;
            _count--;
        }
    }

    public void Close()
    {
        lock (_changes)
        {
            _closed = true;
            _count = 0;
            Array.Clear(_byIndex);
            readiness.Dispose();
        }
    }

    private int TakeIndex()
    {
        if (_freeIndexes.TryPop(out var index))
            return index;
        if (_used == _byIndex.Length)
        {
            var larger = new ClockLeg?[_byIndex.Length * 2];
            _byIndex.CopyTo(larger, 0);
            Volatile.Write(ref _byIndex, larger);
        }
        return _used++;
    }

    private int LeastLoadedSlot()
    {
        var best = 0;
        for (var slot = 1; slot < _load.Length; slot++)
        {
            if (_load[slot] < _load[best])
                best = slot;
        }
        return best;
    }

    // The clock may be told of a socket before its leg is in the table; it then finds nobody, and is told again at the next tick.
    private void Watch(ClockLeg leg)
    {
        var rtp = leg.Clocked.ReadableRtp;
        if (rtp is not null)
            readiness.Add(rtp, leg.Token);
        try
        {
            if (leg.Clocked.ReadableRtcp is { } rtcp && rtcp != rtp)
                readiness.Add(rtcp, leg.Token | 1);
        }
        catch
        {
            if (rtp is not null)
                readiness.Remove(rtp, leg.Token);
            throw;
        }
    }

    private void Unwatch(ClockLeg leg)
    {
        Unwatch(leg.Clocked.ReadableRtp, leg.Token);
        Unwatch(leg.Clocked.ReadableRtcp, leg.Token | 1);
    }

    private void Unwatch(Socket? socket, long token)
    {
        if (socket is not null)
            readiness.Remove(socket, token);
    }
}
