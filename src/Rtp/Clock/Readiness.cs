namespace VoiceGateway.Rtp;

internal static class Readiness
{
    public static IReadiness For(bool portable) => portable || !LibC.IsSupported ? new PollReadiness() : new EpollReadiness();
}
