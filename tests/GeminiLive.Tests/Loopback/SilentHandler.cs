namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Counts, and allocates nothing.</summary>
internal sealed class SilentHandler : ILiveSessionHandler
{
    private int _chunks;

    public int Chunks => Volatile.Read(ref _chunks);

    public void OnAudio(ReadOnlySpan<byte> pcm24kHz) => Interlocked.Increment(ref _chunks);

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
