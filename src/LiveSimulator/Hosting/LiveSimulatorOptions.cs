namespace VoiceGateway.LiveSimulator;

public sealed record LiveSimulatorOptions
{
    /// <summary>A scenario file, or the name of a built-in scenario. Null: <c>book-a-table</c>.</summary>
    public string? ScenarioPath { get; init; }

    /// <summary>A scenario that is loaded already; goes before <see cref="ScenarioPath"/>.</summary>
    public Scenario? Scenario { get; init; }

    /// <summary>An IP address, <c>localhost</c>, or <c>*</c> for every interface.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0: any free port; see <see cref="LiveSimulatorServer.Endpoint"/>.</summary>
    public int Port { get; init; }

    /// <summary>The only key (or token) that is accepted. Null: any, or none.</summary>
    public string? ApiKey { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How much of the caller's audio each session keeps for <see cref="SimulatedSession.ReceivedAudio"/>.</summary>
    public TimeSpan CaptureAudio { get; init; }

    /// <summary>
    /// An existing folder to which all audio of the callers' goes, in place of the memory: one file for each conversation, over all its
    /// connections, <c>{conversation}.pcm</c>, raw 16-bit samples.
    /// </summary>
    public string? CaptureFolder { get; init; }

    /// <summary>Armed from the start, after the scenario's own.</summary>
    public IReadOnlyList<ArmedFault> Faults { get; init; } = [];

    /// <summary>The control API answers other machines too.</summary>
    public bool ControlFromAnywhere { get; init; }

    /// <summary>How many times of audio messages each session keeps, in each direction.</summary>
    public int FrameTimesKept { get; init; }

    /// <summary>How many sessions that have ended are kept in <see cref="LiveSimulatorServer.Sessions"/>.</summary>
    public int EndedSessionsKept { get; init; } = 64;

    /// <summary>A longer client message closes the session with 1009.</summary>
    public int LargestMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long a resumption handle is good for.</summary>
    public TimeSpan HandleLifetime { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Receives one line when a session starts, ends, fails or suffers a fault. Null: silence, as an embedded server should be.</summary>
    public Action<string>? Log { get; init; }
}
