namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Counts, and allocates nothing.</summary>
internal sealed class SilentHandler : ILiveSessionHandler
{
    private readonly ManualResetEventSlim _come = new();
    private int _chunks;
    private int _awaited = int.MaxValue;

    public int Chunks => Volatile.Read(ref _chunks);

    /// <summary>Blocks until so many have come, which allocates nothing, however long it takes: every turn of an await may.</summary>
    public void Await(int chunks)
    {
        for (Interlocked.Exchange(ref _awaited, chunks); Chunks < chunks; _come.Reset())
        {
            if (!_come.Wait(TimeSpan.FromSeconds(20))) throw new TimeoutException($"{Chunks} of {chunks} came");
        }
    }

    public void OnAudio(ReadOnlySpan<byte> pcm24kHz)
    {
        if (Interlocked.Increment(ref _chunks) >= Volatile.Read(ref _awaited)) _come.Set();
    }

    public void OnInterrupted()
    {
    }

    public void OnInputTranscript(ReadOnlySpan<char> text, bool finished)
    {
    }

    public void OnOutputTranscript(ReadOnlySpan<char> text, bool finished)
    {
    }

    public void OnText(string text)
    {
    }

    public void OnToolCall(IReadOnlyList<LiveFunctionCall> calls)
    {
    }

    public void OnToolCallCancelled(IReadOnlyList<string> ids)
    {
    }

    public void OnGenerationComplete()
    {
    }

    public void OnTurnComplete(string? reason)
    {
    }

    public void OnGoAway(TimeSpan timeLeft)
    {
    }

    public void OnResumptionUpdate(string? handle, bool resumable)
    {
    }

    public void OnUsage(LiveUsage usage)
    {
    }
}
