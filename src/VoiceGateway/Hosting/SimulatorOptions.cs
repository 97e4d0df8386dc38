namespace VoiceGateway.Hosting;

/// <summary>Section <c>Simulator</c>: the embedded Live server, used when there is neither a key nor an endpoint.</summary>
public sealed class SimulatorOptions
{
    public const string Section = "Simulator";

    /// <summary>A scenario file; empty: the built-in one, in which a table is booked.</summary>
    public string? Scenario { get; set; }
}
