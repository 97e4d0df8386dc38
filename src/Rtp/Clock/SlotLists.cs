namespace VoiceGateway.Rtp;

/// <summary>
/// The legs by the slot that drives them. The lists are the clock thread's own. What others want of it waits in an inbox for the next
/// tick, so that nobody waits for anybody, and a leg that moves costs no memory.
/// <code>
///   Add, RunAhead, Settle ─▶ inbox ─▶ OpenInbox, every tick ─▶ slot 0: leg leg leg
///                                                              slot 1: leg leg …
/// </code>
/// A leg has a slot of its own, and may run ahead of it by less than a period: then another drives it. It settles by leaving
/// out what it was ahead, so that in the end it has ticked as often as all others. Its own slot is the one in which its packets come, where
/// that is a certain one and has room: what the sending has brought into the processor's caches, the reading finds there.
/// </summary>
internal sealed class SlotLists(int slots)
{
    // Who is due so soon waits: a move would gain next to nothing.
    private const int TicksWorthWaiting = 1;

    // What a slot may have beyond a quarter more than its share.
    private const int Spare = 4;

    private readonly Lock _gate = new();
    private readonly List<ClockLeg>[] _lists = [.. Enumerable.Range(0, slots).Select(static _ => new List<ClockLeg>(16))];
    private List<ClockLeg> _inbox = new(64);
    private List<ClockLeg> _opened = new(64);
    private volatile bool _hasPost;

    /// <summary>Clock thread only; changes with <see cref="OpenInbox"/> and <see cref="Sweep(int)"/> alone.</summary>
    public List<ClockLeg> this[int slot] => _lists[slot];

    /// <summary>The leg wants something, or is new. Any thread.</summary>
    public void Post(ClockLeg leg)
    {
        lock (_gate)
        {
            _inbox.Add(leg);
            _hasPost = true;
        }
    }

    /// <summary>Puts every leg where it belongs. Before the legs of a slot are ticked.</summary>
    /// <param name="slot">The one that is about to be ticked.</param>
    public void OpenInbox(int slot)
    {
        // Whoever holds the gate may have lost its core: then the post waits for the next tick.
        if (!_hasPost || !_gate.TryEnter())
            return;
        try
        {
            (_inbox, _opened) = (_opened, _inbox);
            _hasPost = false;
        }
        finally
        {
            _gate.Exit();
        }
        foreach (var leg in _opened)
            Place(leg, slot);
        _opened.Clear();
    }

    /// <summary>
    /// The leg's packets have been read, and this slot's legs were ticked right before. When that happens again and again the slot becomes the leg's own:
    /// its next tick comes half a period later than it would have, at most, or as much earlier.
    /// </summary>
    /// <returns>Earlier: it is to be ticked now, and a period after that.</returns>
    public bool Follow(ClockLeg leg, int slot)
    {
        if (!leg.Arrived(slot) || leg.Place != leg.Slot || leg.IsOwedATick || leg.Wish != LegWish.None || slot == leg.Slot || IsCrowded(slot))
            return false;
        var isEarlier = TicksFrom(leg.Slot, slot) > slots / 2;
        leg.Slot = slot;
        Move(leg, slot);
        return isEarlier;
    }

    /// <summary>Forgets the legs of a slot that have left the clock.</summary>
    public void Sweep(int slot) => _lists[slot].RemoveAll(static leg => leg.IsRemoved);

    /// <summary>As <see cref="Sweep(int)"/>, everywhere: before the clock rests.</summary>
    public void Sweep()
    {
        for (var slot = 0; slot < slots; slot++)
            Sweep(slot);
    }

    private void Place(ClockLeg leg, int slot)
    {
        if (leg.IsRemoved)
            return;
        if (leg.Place < 0)
            Move(leg, leg.Slot);
        if (leg.Wish == LegWish.RunAhead && leg.IsOwedATick)
        {
            // The tick that is to be left out first would be the one that is wished for.
            Post(leg);
            return;
        }
        var wish = leg.TakeWish();
        if (wish == LegWish.RunAhead)
            RunAhead(leg, slot);
        else if (wish == LegWish.Settle)
            Settle(leg, slot);
    }

    // Never more than a period ahead.
    private void RunAhead(ClockLeg leg, int slot)
    {
        if (leg.Place == leg.Slot && TicksFrom(slot, leg.Slot) > TicksWorthWaiting)
            Move(leg, slot);
    }

    private void Settle(ClockLeg leg, int slot)
    {
        if (leg.Place == leg.Slot)
            return;

        // The tick of its own slot that the last one ahead has replaced: has it been, or is it to come and to be left out?
        if (slot != leg.Place && TicksFrom(slot, leg.Slot) < TicksFrom(slot, leg.Place))
            leg.LeaveOneOut();
        Move(leg, leg.Slot);
    }

    private void Move(ClockLeg leg, int slot)
    {
        if (leg.Place >= 0)
            _lists[leg.Place].Remove(leg);
        _lists[slot].Add(leg);
        leg.Place = slot;
    }

    // Peers whose clocks are one (a conference, a switch) send all at the same moment: then most of their legs stay where they are.
    private bool IsCrowded(int slot)
    {
        var legs = 0;
        foreach (var list in _lists)
            legs += list.Count;
        return _lists[slot].Count * slots > legs + (legs / 4) + (slots * Spare);
    }

    private int TicksFrom(int slot, int to) => (to - slot + slots) % slots;
}
