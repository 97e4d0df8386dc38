namespace VoiceGateway.Turns;

/// <summary>
/// Decides whether a chunk of audio still belongs to a generation that was cancelled. After an interruption the rest of
/// that generation may be under way for a moment: it ends with <c>turnComplete</c>, or by time when the model forgets to say so.
/// </summary>
public sealed class GenerationGate(TimeProvider time)
{
    /// <summary>The model cannot have an answer to the interruption sooner than this: its own end-of-speech detection takes longer.</summary>
    private static readonly TimeSpan LateChunks = TimeSpan.FromMilliseconds(400);

    /// <summary>After a local flush the model, which does not know of it, sends the rest of its turn; how long that is believed.</summary>
    private static readonly TimeSpan UntoldModel = TimeSpan.FromSeconds(8);

    private readonly Lock _gate = new();
    private bool _generating;
    private bool _dropping;
    private long _closedAt;
    private TimeSpan _closedFor;

    /// <summary>Chunks dropped so far, for the call's statistics.</summary>
    public int DroppedChunks { get; private set; }

    /// <summary>True when the chunk may be played.</summary>
    public bool Admit()
    {
        lock (_gate)
        {
            if (_dropping && time.GetElapsedTime(_closedAt) < _closedFor)
            {
                DroppedChunks++;
                return false;
            }
            _dropping = false;
            _generating = true;
            return true;
        }
    }

    /// <summary>The model itself cancelled: late chunks follow only when it was still generating.</summary>
    public void Interrupted() => Close(LateChunks);

    /// <summary>This side flushed; the model goes on until it notices.</summary>
    public void FlushedLocally() => Close(UntoldModel);

    /// <summary><c>generationComplete</c> or <c>turnComplete</c>: the next chunk opens a new generation.</summary>
    public void GenerationEnded()
    {
        lock (_gate)
        {
            _generating = false;
            _dropping = false;
        }
    }

    private void Close(TimeSpan duration)
    {
        lock (_gate)
        {
            if (!_generating) return;
            _dropping = true;
            _closedAt = time.GetTimestamp();
            _closedFor = duration;
        }
    }
}
