namespace VoiceGateway.Codecs.Tests;

internal static class Allocations
{
    /// <summary>Bytes that the action allocates on this thread once it is warm.</summary>
    public static long Of(Action action)
    {
        for (var i = 0; i < 50; i++)
            action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
