namespace VoiceGateway.GeminiLive;

/// <summary>The API's two PCM formats, both mono s16le.</summary>
internal static class PcmFormat
{
    public const int UplinkRateHz = 16000;

    public const int DownlinkRateHz = 24000;

    /// <summary>20 ms: chunks of 20 to 40 ms give the least latency.</summary>
    public const int SamplesPerFrame = UplinkRateHz / FramesPerSecond;

    public const int FramesPerSecond = 50;

    public static readonly TimeSpan FrameDuration = TimeSpan.FromSeconds(1.0 / FramesPerSecond);

    public static TimeSpan UplinkDuration(long samples) =>
        TimeSpan.FromTicks(samples * (TimeSpan.TicksPerSecond / UplinkRateHz));

    public static int UplinkSamples(TimeSpan duration) =>
        (int)(duration.Ticks / (TimeSpan.TicksPerSecond / UplinkRateHz));
}
