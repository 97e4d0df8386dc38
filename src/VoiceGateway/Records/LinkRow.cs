namespace VoiceGateway.Records;

/// <summary>A row of <c>link_events</c> as Dapper reads it.</summary>
internal sealed class LinkRow
{
    public const string Columns = "at_ms AS AtMs, kind AS Kind, cause AS Cause, gap_ms AS GapMs, route AS Route";

    public long AtMs { get; set; }

    public string Kind { get; set; } = "";

    public string Cause { get; set; } = "";

    public double GapMs { get; set; }

    public string? Route { get; set; }

    public LinkEntry ToEntry() => new(AtMs, Kind, Cause, GapMs, Route);
}
