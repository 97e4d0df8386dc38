namespace VoiceGateway.Rtp;

/// <summary>In which of a period's ticks a leg's packets are read: the one that most of the last ones had, once it leads by half a second of them.</summary>
internal struct ArrivalSlot
{
    // Where the network scatters them over several, none ever leads by so many.
    private const int Lead = 25;

    private int _slot;
    private int _lead;

    /// <summary>Packets have been read behind the tick of this slot.</summary>
    /// <returns>True, again and again, when they usually are.</returns>
    public bool Saw(int slot)
    {
        if (slot != _slot && --_lead < 0)
            (_slot, _lead) = (slot, 0);
        if (slot != _slot || ++_lead < Lead)
            return false;
        _lead = 0;
        return true;
    }
}
