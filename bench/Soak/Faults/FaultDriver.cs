using System.Diagnostics;
using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Soak;

/// <summary>Lets the plan come true, from the start of the run on.</summary>
internal sealed class FaultDriver(LiveSimulatorServer simulator, CallerSessions sessions, IReadOnlyList<PlannedFault> plan)
{
    // A call may be between two connections.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<DoneFault>> RunAsync(CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var done = new List<Task<DoneFault>>();
        try
        {
            foreach (var next in plan)
            {
                var wait = next.At - Stopwatch.GetElapsedTime(started);
                if (wait > TimeSpan.Zero) await Task.Delay(wait, stop);
                done.Add(DoAsync(next, stop));
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over before the plan is.
        }
        return await Task.WhenAll(done);
    }

    private async Task<DoneFault> DoAsync(PlannedFault planned, CancellationToken stop)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Patience && !stop.IsCancellationRequested;)
        {
            if (sessions.OpenOf(planned.Call) is { } session)
            {
                var at = Stopwatch.GetTimestamp();
                if (planned.Fault.IsAtTheDoor) simulator.Faults.Arm(planned.Fault.Fault, connections: 1);
                // Not awaited to its end: some wait for the conversation, which may be at its own end.
                var injected = session.InjectAsync(planned.Fault.IsAtTheDoor ? new Fault.Drop() : planned.Fault.Fault);
                await Task.WhenAny(injected, Task.Delay(Patience, CancellationToken.None));
                if (!injected.IsCompleted || await injected) return new(planned, session.Id, at);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }
        return new(planned, null, 0);
    }
}
