using System.Diagnostics;

namespace VoiceGateway.Rtp.Tests;

/// <summary>Waits for what other threads or the kernel do; generous, since the machine may be busy.</summary>
internal static class Until
{
    public static async Task True(Func<bool> condition, string what, int seconds = 20)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < seconds, $"Waited {seconds} s for: {what}");
            await Task.Delay(2);
        }
    }
}
