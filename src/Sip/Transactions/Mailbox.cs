namespace VoiceGateway.Sip;

/// <summary>
/// Runs actions one after another, on the thread of whoever posts first: a request that finds its call at rest is answered
/// on the receiving thread, without a hop. An action that throws is reported and the next one runs.
/// </summary>
internal sealed class Mailbox(Action<Exception> onFault)
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _waiting = new();
    private bool _isRunning;

    public void Post(Action action)
    {
        lock (_gate)
        {
            if (_isRunning)
            {
                _waiting.Enqueue(action);
                return;
            }

            _isRunning = true;
        }

        Action? next = action;
        while (next is not null)
        {
            Run(next);
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out next))
                    _isRunning = false;
            }
        }
    }

    private void Run(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            onFault(e);
        }
    }
}
