using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Soak;

/// <summary>What the model's side received over one connection.</summary>
internal sealed class HeardConnection
{
    public const int FrameSamples = SentLine.FrameSamples;

    /// <param name="session">Ended, or at least no longer sent to.</param>
    public HeardConnection(SimulatedSession session)
    {
        Session = session;
        var pcm = session.ReceivedAudio();
        // From 16 kHz: nothing above 4 kHz is in it, for it came from a telephone.
        Pcm8kHz = new short[pcm.Length / 2];
        for (var i = 0; i < Pcm8kHz.Length; i++) Pcm8kHz[i] = (short)((pcm[2 * i] + pcm[2 * i + 1]) / 2);
        FrameAt = new long[Pcm8kHz.Length / FrameSamples];
        long bytes = 0;
        var frame = 0;
        foreach (var time in session.ReceivedFrameTimes)
        {
            bytes += time.Bytes;
            for (; frame < FrameAt.Length && (frame + 1) * FrameSamples * 4 <= bytes; frame++) FrameAt[frame] = time.Timestamp;
        }
        SentTo = new long[FrameAt.Length];
        Array.Fill(SentTo, -1);
    }

    public SimulatedSession Session { get; }

    /// <summary>
    /// Until when the model remembers what it heard here, in Stopwatch ticks, given the connection that took up the conversation:
    /// up to the last handle; up to its last answer, which the history told, when that one began anew; all of it after the last.
    /// </summary>
    public long RememberedUntil(SimulatedSession? next) => next is null ? long.MaxValue
        : next.ResumedFrom is not null ? Session.HandleTimes.LastOrDefault()
        : Session.Events.LastOrDefault(static e => e.Kind == SessionEventKind.ReplyStarted).Timestamp;

    public short[] Pcm8kHz { get; }

    /// <summary>When each frame of 20 ms arrived, in Stopwatch ticks.</summary>
    public long[] FrameAt { get; }

    /// <summary>Where each frame stands in what was sent, in samples; -1: nowhere.</summary>
    public long[] SentTo { get; }

    /// <summary>The last frame of what was sent that had arrived by then.</summary>
    public int LastHeardBefore(long timestamp)
    {
        for (var frame = FrameAt.Length - 1; frame >= 0; frame--)
            if (FrameAt[frame] <= timestamp && SentTo[frame] >= 0) return (int)(SentTo[frame] / FrameSamples);
        return int.MaxValue;
    }
}
