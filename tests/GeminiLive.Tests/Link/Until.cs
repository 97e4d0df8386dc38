namespace VoiceGateway.GeminiLive.Tests;

internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        for (long start = Environment.TickCount64; !condition(); await Task.Delay(5))
            if (Environment.TickCount64 - start > 20_000) throw new TimeoutException($"waited in vain for {what}");
    }
}
