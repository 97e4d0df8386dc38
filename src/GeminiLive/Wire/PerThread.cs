namespace VoiceGateway.GeminiLive;

/// <summary>
/// A thing that each thread has one of, for whichever connection it is at: it stays in that thread's cache, where a connection's own would be
/// gone by its next message. Who takes it has it alone, also in the midst of a callback and beyond an await; on what thread it is put back does not matter.
/// </summary>
internal static class PerThread<T>
    where T : class
{
    [ThreadStatic]
    private static T? _idle;

    /// <returns>Null: the thread has none, or it is in use.</returns>
    public static T? Take()
    {
        T? one = _idle;
        _idle = null;
        return one;
    }

    public static void PutBack(T one) => _idle = one;
}
