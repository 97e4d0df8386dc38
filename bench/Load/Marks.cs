namespace VoiceGateway.Load;

/// <summary>
/// What one side of a call tells the other, so that a delay can be measured from end to end: moments by <see cref="WallClock"/>, 0 for
/// none that is still to be found again. Written by one thread, taken by the other.
/// </summary>
internal sealed class Marks
{
    private long _onset;
    private long _reply;
    private long _interruption;
    private long _replyEnds;

    /// <summary>When the RTP packet left with which the caller began to speak.</summary>
    public void CallerBegan(long at) => Volatile.Write(ref _onset, at);

    public long TakeCallerBegan() => Interlocked.Exchange(ref _onset, 0);

    /// <summary>When the first message of an answer left, and when its sound will be over.</summary>
    public void AgentBegan(long at, long ends)
    {
        Volatile.Write(ref _replyEnds, ends);
        Volatile.Write(ref _reply, at);
    }

    public long TakeAgentBegan() => Interlocked.Exchange(ref _reply, 0);

    /// <summary>0 when nothing is being said, as far as the server goes.</summary>
    public long ReplyEnds => Volatile.Read(ref _replyEnds);

    /// <summary>When <c>interrupted</c> left.</summary>
    public void Interrupted(long at)
    {
        Volatile.Write(ref _replyEnds, 0);
        Volatile.Write(ref _interruption, at);
    }

    public long TakeInterrupted() => Interlocked.Exchange(ref _interruption, 0);
}
