namespace VoiceGateway.LiveSimulator;

/// <summary>The armed faults that one connection was given: each comes at its moment.</summary>
internal sealed class SessionFaults(SimulatedSession session, FaultInjector injector, IReadOnlyList<ArmedFault> armed, TimeProvider time)
{
    private readonly HashSet<ArmedFault> _turnsTaken = [];
    private Task _timer = Task.CompletedTask;

    /// <summary>For <see cref="FaultMomentKind.Connect"/> and <see cref="FaultMomentKind.Setup"/>.</summary>
    public async Task AtAsync(FaultMomentKind moment)
    {
        foreach (var fault in armed.Where(each => each.At.Kind == moment).Select(static each => each.From[0]))
        {
            if (fault is Fault.AtTheDoor)
                session.StandUnder(fault);
            else
                await injector.InjectAsync(fault);
        }
    }

    /// <summary>The reply to the caller's turn of that number, from 1, is about to start. It does not wait for what happens then.</summary>
    public void AtTurn(int number)
    {
        foreach (var each in armed.Where(each => each.At.Kind == FaultMomentKind.Turn && each.At.Number == number && _turnsTaken.Add(each)))
            injector.Start(each.From[0]);
    }

    /// <summary>The session has been set up: the time of the others starts.</summary>
    public void StartTimer() => _timer = new FaultTimer(injector, armed, session.Thread, time).RunAsync();

    /// <summary>Waits for what is under way; it ends when the session does.</summary>
    public async Task EndAsync()
    {
        await _timer;
        await injector.EndAsync();
    }
}
