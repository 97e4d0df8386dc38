namespace VoiceGateway.Sip.Tests.Fuzz;

/// <summary>What a peer can make us allocate with one message: so many bytes for each of its own, and a fixed part.</summary>
internal static class Allocation
{
    /// <param name="limit">The most that may be allocated.</param>
    /// <param name="length">Of the message, for the failure's text.</param>
    /// <param name="what">What is done.</param>
    /// <param name="action">It.</param>
    public static T Bounded<T>(long limit, int length, string what, Func<T> action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = action();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= limit, $"{what} of {length} bytes allocated {allocated}, which is more than {limit}");
        return result;
    }
}
