using VoiceGateway.Rtp;

namespace VoiceGateway.Hosting;

/// <summary>What the threads that drive media were granted, and when they came late.</summary>
public sealed partial class MediaLog(ILogger<MediaLog> log)
{
    /// <param name="media">Running.</param>
    /// <param name="scheduling">What all of its threads were granted.</param>
    public void Started(MediaEngine media, ClockScheduling scheduling)
    {
        switch (scheduling)
        {
            case ClockScheduling.RealTime:
                LogRealTime(media.Clocks.Count);
                break;
            case ClockScheduling.Favoured:
                LogFavoured(media.Clocks.Count);
                break;
            default:
                LogOrdinary(media.Clocks.Count);
                break;
        }
    }

    public void Late(LateTick late)
    {
        if (late is { Cause: LateTickCause.Callback, Leg: { } leg })
            LogCallback(late.Clock, late.Lateness.TotalMilliseconds, leg, late.LegTook.TotalMilliseconds, late.LateTicks);
        else
            LogLate(late.Clock, late.Lateness.TotalMilliseconds, late.Cause, late.LateTicks);
    }

    [LoggerMessage(151, LogLevel.Information, "Media runs on {Threads} threads with real-time priority")]
    private partial void LogRealTime(int threads);

    [LoggerMessage(152, LogLevel.Information, "Media runs on {Threads} threads with raised priority; real time was not granted")]
    private partial void LogFavoured(int threads);

    [LoggerMessage(153, LogLevel.Information, "Media runs on {Threads} threads with ordinary priority")]
    private partial void LogOrdinary(int threads);

    [LoggerMessage(154, LogLevel.Warning, "{Clock} came {LateMs:0.0} ms late, for {Cause}; {LateTicks} late ticks since this was last said")]
    private partial void LogLate(string clock, double lateMs, LateTickCause cause, long lateTicks);

    [LoggerMessage(155, LogLevel.Warning, "{Clock} came {LateMs:0.0} ms late, for {Leg} took {LegMs:0.0} ms; {LateTicks} late ticks since this was last said")]
    private partial void LogCallback(string clock, double lateMs, IClocked leg, double legMs, long lateTicks);
}
