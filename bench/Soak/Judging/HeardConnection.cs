using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Soak;

/// <summary>What the model's side received over one connection.</summary>
internal sealed record HeardConnection(SimulatedSession Session, HeardAudio Audio)
{
    /// <param name="session">Ended, or at least no longer sent to.</param>
    public static HeardConnection Of(SimulatedSession session)
    {
        var pcm = session.ReceivedAudio();
        var frameAt = new long[pcm.Length / 2 / HeardAudio.FrameSamples];
        long bytes = 0;
        var frame = 0;
        foreach (var time in session.ReceivedFrameTimes)
        {
            bytes += time.Bytes;
            for (; frame < frameAt.Length && (frame + 1) * HeardAudio.FrameSamples * 4L <= bytes; frame++) frameAt[frame] = time.Timestamp;
        }
        return new HeardConnection(session, HeardAudio.From16kHz(pcm, frameAt));
    }

    /// <summary>
    /// Until when the model remembers what it heard here, in Stopwatch ticks, given the connection that took up the conversation:
    /// up to the last handle; up to its last answer, which the history told, when that one began anew; all of it after the last.
    /// </summary>
    public long RememberedUntil(SimulatedSession? next) => next is null ? long.MaxValue
        : next.ResumedFrom is not null ? Session.HandleTimes.LastOrDefault()
        : Session.Events.LastOrDefault(static e => e.Kind == SessionEventKind.ReplyStarted).Timestamp;
}
