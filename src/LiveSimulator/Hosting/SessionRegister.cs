namespace VoiceGateway.LiveSimulator;

/// <summary>The sessions that run, and the last ones that ended.</summary>
internal sealed class SessionRegister(int endedKept)
{
    private readonly Lock _gate = new();
    private readonly List<SimulatedSession> _sessions = [];
    private readonly List<(Predicate<SimulatedSession> Matches, TaskCompletionSource<SimulatedSession> Found)> _waiting = [];

    public SimulatedSession[] Snapshot()
    {
        lock (_gate)
            return [.. _sessions];
    }

    public void Add(SimulatedSession session)
    {
        lock (_gate)
        {
            _sessions.Add(session);
            foreach (var waiting in _waiting.Where(waiting => waiting.Matches(session)).ToList())
            {
                _waiting.Remove(waiting);
                waiting.Found.TrySetResult(session);
            }
        }
    }

    /// <summary>Forgets the oldest ended sessions that are too many.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            var tooMany = _sessions.Count(static session => !session.IsOpen) - endedKept;
            if (tooMany > 0)
                _sessions.RemoveAll(session => !session.IsOpen && tooMany-- > 0);
        }
    }

    public async Task<SimulatedSession> FindAsync(Predicate<SimulatedSession> matches, CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource<SimulatedSession>(TaskCreationOptions.RunContinuationsAsynchronously);
        var entry = (matches, found);
        lock (_gate)
        {
            if (_sessions.Find(matches) is { } session)
                return session;
            _waiting.Add(entry);
        }

        try
        {
            return await found.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_gate)
                _waiting.Remove(entry);
        }
    }
}
