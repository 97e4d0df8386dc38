namespace VoiceGateway.GeminiLive;

/// <summary>The API's two PCM formats, both mono s16le.</summary>
internal static class PcmFormat
{
    public const int UplinkRateHz = 16000;

    public const int DownlinkRateHz = 24000;

    /// <summary>20 ms, in which speech comes from the telephone.</summary>
    public const int SamplesPerFrame = UplinkRateHz / FramesPerSecond;

    public const int FramesPerSecond = 50;

    public static readonly TimeSpan FrameDuration = TimeSpan.FromSeconds(1.0 / FramesPerSecond);

    /// <summary>Whole frames, at least one.</summary>
    public static int SamplesPerMessage(TimeSpan chunk) => Math.Max(1, UplinkSamples(chunk) / SamplesPerFrame) * SamplesPerFrame;

    public static TimeSpan UplinkDuration(long samples) =>
        TimeSpan.FromTicks(samples * (TimeSpan.TicksPerSecond / UplinkRateHz));

    public static int UplinkSamples(TimeSpan duration) =>
        (int)(duration.Ticks / (TimeSpan.TicksPerSecond / UplinkRateHz));
}
