namespace VoiceGateway.Rtp;

/// <summary>Absolute deadlines: lateness never adds up, and a stall is followed by exactly the ticks it held up.</summary>
internal sealed class TickSchedule(long tickLength, int slots, long maxCatchUp)
{
    /// <summary>When the current tick is due.</summary>
    public long Deadline { get; private set; }

    /// <summary>When the one before was due.</summary>
    public long LastDeadline => Deadline - tickLength;

    /// <summary>Ticks in a period.</summary>
    public int Slots => slots;

    /// <summary>Which slot's legs it drives.</summary>
    public int Slot { get; private set; }

    /// <summary>The one before.</summary>
    public int LastSlot => (Slot + slots - 1) % slots;

    /// <summary>Whose legs are half a period from their tick; negative when no slot is.</summary>
    public int HalfwaySlot => slots % 2 == 0 ? (Slot + slots / 2) % slots : -1;

    /// <summary>Ticks left out because the stall was too long to make up for.</summary>
    public long Skipped { get; private set; }

    public void Start(long now) => Deadline = now + tickLength;

    public void Advance(long now)
    {
        Deadline += tickLength;
        Slot = (Slot + 1) % slots;
        var late = now - Deadline;
        if (late <= maxCatchUp)
            return;

        // Whole periods, so that every leg loses the same number of ticks and keeps its place.
        var period = tickLength * slots;
        var periods = late / period;
        Deadline += periods * period;
        Skipped += periods * slots;
    }
}
