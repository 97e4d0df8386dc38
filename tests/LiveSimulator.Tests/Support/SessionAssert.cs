using System.Diagnostics;

namespace VoiceGateway.LiveSimulator.Tests;

internal static class SessionAssert
{
    /// <summary>Waits until the session has noted this many such events.</summary>
    public static async Task SeesAsync(SimulatedSession session, SessionEventKind kind, int count = 1)
    {
        var started = Stopwatch.GetTimestamp();
        while (session.Events.Count(each => each.Kind == kind) < count)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), $"{count} x {kind} not seen; seen: {string.Join(", ", session.Events.Select(static each => each.Kind))}");
            await Task.Delay(10);
        }
    }

    /// <summary>Waits until it is so.</summary>
    public static async Task IsAsync(Func<bool> condition, string what)
    {
        for (var started = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(10))
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), $"waited in vain until {what}");
    }
}
