using VoiceGateway.Media;

namespace VoiceGateway.Tests.Media;

internal static class PlayoutFrames
{
    /// <summary>The next frame, for those who look at the payload only.</summary>
    public static PlayoutFrame NextFrame(this Playout playout, Span<byte> payload)
    {
        Span<short> sent = stackalloc short[Playout.FrameSamples8kHz];
        return playout.NextFrame(payload, sent, out _);
    }
}
