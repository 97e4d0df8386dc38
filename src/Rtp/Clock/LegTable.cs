using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>
/// The legs by slot, for ticking, and by index, for finding the owner of a readable socket. Changes are rare and copy what they change;
/// the clock thread reads without locking.
/// </summary>
internal sealed class LegTable(int slots, IReadiness readiness)
{
    private readonly Lock _changes = new();
    private readonly ClockLeg[][] _bySlot = [.. Enumerable.Repeat(Array.Empty<ClockLeg>(), slots)];
    private readonly Stack<int> _freeIndexes = new();
    private ClockLeg?[] _byIndex = new ClockLeg?[64];
    private int _used;
    private int _generation;
    private int _count;
    private bool _closed;

    public int Count => Volatile.Read(ref _count);

    public int Capacity => Volatile.Read(ref _byIndex).Length;

    public ClockLeg[] InSlot(int slot) => Volatile.Read(ref _bySlot[slot]);

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
            Volatile.Write(ref _bySlot[leg.Slot], [.. _bySlot[leg.Slot], leg]);
            _count++;
            return leg;
        }
    }

    public void Remove(ClockLeg leg)
    {
        lock (_changes)
        {
            if (_closed)
                return;
            Unwatch(leg);
            Volatile.Write(ref _byIndex[leg.Index], null);
            Volatile.Write(ref _bySlot[leg.Slot], Array.FindAll(_bySlot[leg.Slot], other => other != leg));
            _freeIndexes.Push(leg.Index);
            _count--;
        }
    }

    public void Close()
    {
        lock (_changes)
        {
            _closed = true;
            _count = 0;
            Array.Fill(_bySlot, []);
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
        for (var slot = 1; slot < _bySlot.Length; slot++)
        {
            if (_bySlot[slot].Length < _bySlot[best].Length)
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
