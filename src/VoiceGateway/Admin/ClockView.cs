using VoiceGateway.Calls;
using VoiceGateway.Rtp;

namespace VoiceGateway.Admin;

/// <summary>One of the threads that drive media, in <c>GET /api/runtime</c>. Cumulative since the start.</summary>
/// <param name="Name">Of the thread.</param>
/// <param name="Scheduling">Of what the system granted, what is in use: <c>real_time</c>, <c>favoured</c>, <c>ordinary</c>.</param>
/// <param name="Legs">That it drives now.</param>
/// <param name="Ticks">That it has run.</param>
/// <param name="LateTicks">That came more than 5 ms late.</param>
/// <param name="SkippedTicks">Left out after long stalls.</param>
/// <param name="MaxLatenessMs">The worst.</param>
/// <param name="BusySeconds">Time not slept.</param>
public sealed record ClockView(
    string Name, string Scheduling, int Legs, long Ticks, long LateTicks, long SkippedTicks, double MaxLatenessMs, double BusySeconds)
{
    internal static ClockView Of(PlayoutClock clock) => new(
        clock.Name, SnakeCase.Of(clock.CurrentScheduling), clock.Count, clock.Ticks, clock.LateTicks, clock.SkippedTicks, clock.MaxLateness.TotalMilliseconds,
        clock.BusyTime.TotalSeconds);
}
