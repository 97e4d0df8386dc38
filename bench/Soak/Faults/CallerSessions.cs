using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Soak;

/// <summary>Which of the simulator's sessions belong to which caller: the agent's instructions hold the caller's number.</summary>
internal sealed class CallerSessions(LiveSimulatorServer simulator, IReadOnlyList<SoakCall> calls)
{
    /// <summary>In the order of their start.</summary>
    public IReadOnlyList<SimulatedSession> Of(int call) => [.. simulator.Sessions.Where(s => Belongs(s, call))];

    public SimulatedSession? OpenOf(int call) =>
        simulator.Sessions.LastOrDefault(s => s.IsOpen && s.CloseCode is null && Belongs(s, call) && s.Events.Any(static e => e.Kind == SessionEventKind.SetupComplete));

    private bool Belongs(SimulatedSession session, int call) =>
        session.Setup is { } setup && setup.GetRawText().Contains(calls[call].Number.TrimStart('+'), StringComparison.Ordinal);
}
