namespace VoiceGateway.Media;

/// <summary>What an RTP leg tells its call. On the clock thread: must neither block nor throw.</summary>
public interface IRtpLegEvents : IUplinkSink
{
    /// <summary>Every 20 ms, before the frame is taken.</summary>
    void OnTick();

    /// <summary>A frame leaves, 20 ms of audio, at once or within the packet that it belongs to; on hold, it would have.</summary>
    /// <param name="kind">What it carries.</param>
    /// <param name="pcm8kHz">What it sounds like in the telephone band, 160 samples.</param>
    void OnFrameSent(PlayoutFrame kind, ReadOnlySpan<short> pcm8kHz);

    /// <summary>A telephone-event digit (RFC 4733): once per key press.</summary>
    void OnDigit(char digit);

    /// <param name="samples">Samples of the caller that never arrived.</param>
    void OnLoss(int samples);

    /// <param name="packets">RTP and RTCP from sources that are not the caller's, dropped since the last time.</param>
    void OnForeign(long packets)
    {
    }

    /// <summary>No RTP for longer than is allowed, and the call is not on hold.</summary>
    void OnMediaTimeout();

    void OnMediaFault(Exception exception);
}
