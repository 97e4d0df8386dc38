namespace VoiceGateway.Rtp;

/// <summary>What one call does with its stream. All calls come on the clock thread, one at a time; they must not block or allocate.</summary>
public interface IRtpReceiver
{
    /// <summary>Audio in sequence order; a packet that is in order comes at once. A timestamp further on than expected is suppressed silence.</summary>
    /// <param name="payloadType">As in the packet; one of the negotiated set.</param>
    /// <param name="payload">Valid during the call only.</param>
    /// <param name="timestamp">RTP timestamp of the first sample.</param>
    /// <param name="marker">First packet after silence (RFC 3551 4.1).</param>
    void OnAudio(byte payloadType, ReadOnlySpan<byte> payload, uint timestamp, bool marker);

    /// <summary>Audio has come and waits behind a gap: the peer has not fallen silent.</summary>
    void OnAudioWaits()
    {
    }

    /// <summary>A hole right before the next <see cref="OnAudio"/>: packets that did not come within the wait. Can be long after an outage; cap what you conceal.</summary>
    void OnLost(int samples);

    /// <summary>A timeline begins: the first packet of the call, a new SSRC, a restart of the sequence, or a jump of the timestamps.</summary>
    void OnStreamChanged(uint ssrc);

    /// <summary>The peer has fallen silent, and this is what its silence sounds like (RFC 3389) until the next <see cref="OnAudio"/>. In sequence with it.</summary>
    /// <param name="payload">Level and spectrum; valid during the call only.</param>
    /// <param name="timestamp">RTP timestamp at which the silence begins, or has got to.</param>
    void OnComfortNoise(ReadOnlySpan<byte> payload, uint timestamp)
    {
    }

    /// <summary>A key was pressed: once for each event, with its first packet that arrives. 0-9, *, #, A-D.</summary>
    void OnDigit(char digit);

    /// <summary>Every 20 ms, for playout and silence filling. After a stall of the machine ticks follow each other closely until they have caught up.</summary>
    /// <param name="deadlineStopwatchTicks">When this tick was due, in <see cref="System.Diagnostics.Stopwatch"/> ticks.</param>
    void OnTick(long deadlineStopwatchTicks);

    /// <summary>Whether <see cref="OnHalfTick"/> is wanted now.</summary>
    bool WantsHalfTicks => false;

    /// <summary>10 ms after a tick, for the second packet of those that hold 10 ms. Left out where the clock has no such slot.</summary>
    void OnHalfTick()
    {
    }

    /// <summary>The session threw on the clock thread (a bug, here or in the receiver) and has left the clock: no more calls come.</summary>
    void OnFault(Exception exception)
    {
    }
}
