namespace VoiceGateway.Plugins;

/// <summary>The section <c>Business</c>: what several plugins must agree on.</summary>
public sealed class BusinessSettings
{
    /// <summary>IANA name (<c>Europe/Berlin</c>); empty: the machine's. Dates and times that a caller names are in it.</summary>
    public string TimeZone { get; set; } = "";

    /// <summary>
    /// Hours by day of the week: <c>12:00-15:00, 18:00-23:00</c>, <c>18:00-02:00</c> (past midnight), <c>00:00-24:00</c> or
    /// <c>closed</c>. Once any day is set, a day that is left out is closed.
    /// </summary>
    public Dictionary<DayOfWeek, string> OpeningHours { get; set; } =
        Enum.GetValues<DayOfWeek>().ToDictionary(day => day, _ => "12:00-23:00");

    /// <summary>Holidays: closed whatever the day of the week.</summary>
    public List<DateOnly> ClosedOn { get; set; } = [];
}
