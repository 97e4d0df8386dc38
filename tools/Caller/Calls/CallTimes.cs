namespace VoiceGateway.Caller;

/// <summary>The moments of a call's signalling, in Stopwatch ticks; 0 for what did not happen.</summary>
internal sealed class CallTimes
{
    public long Invited { get; set; }

    public long Ringing { get; set; }

    /// <summary>The 200 was read; its ACK goes out at once.</summary>
    public long Answered { get; set; }

    public long Ended { get; set; }
}
