namespace VoiceGateway.Plugins.Bookings;

/// <summary>The section <c>Plugins:Bookings</c>.</summary>
public sealed class BookingSettings
{
    /// <summary>Seats by table name.</summary>
    public Dictionary<string, int> Tables { get; set; } = new()
    {
        ["T1"] = 2, ["T2"] = 2, ["T3"] = 2, ["T4"] = 4, ["T5"] = 4, ["T6"] = 4, ["T7"] = 4, ["T8"] = 6, ["T9"] = 6, ["T10"] = 8,
    };

    /// <summary>How long a table is kept: a multiple of 30 minutes.</summary>
    public int DurationMinutes { get; set; } = 120;

    /// <summary>How far ahead one can book.</summary>
    public int MaxDaysAhead { get; set; } = 180;
}
