using System.Collections.Concurrent;
using System.Text.Json;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Writes down every call as a line, in order, and collects the audio.</summary>
internal class RecordingHandler : ILiveSessionHandler
{
    private readonly ConcurrentQueue<string> _events = new();
    private readonly List<byte> _audio = [];

    public string[] Events => [.. _events];

    public byte[] Audio
    {
        get
        {
            lock (_audio) return [.. _audio];
        }
    }

    public List<LiveFunctionCall> Calls { get; } = [];

    public LiveUsage? Usage { get; private set; }

    public Action<string>? OnEvent { get; init; }

    public async Task<string[]> UntilAsync(Func<string[], bool> condition, string what = "the expected events")
    {
        for (long start = Environment.TickCount64; Environment.TickCount64 - start < 20_000; await Task.Delay(5))
        {
            string[] events = Events;
            if (condition(events)) return events;
        }

        throw new TimeoutException($"{what} did not come; came: {string.Join(" | ", Events)}");
    }

    public Task<string[]> UntilAsync(string wanted) => UntilAsync(events => events.Contains(wanted), wanted);

    public virtual void OnAudio(ReadOnlySpan<byte> pcm24kHz)
    {
        lock (_audio) _audio.AddRange(pcm24kHz);
        Note($"audio {pcm24kHz.Length}");
    }

    public void OnInterrupted() => Note("interrupted");

    public void OnInputTranscript(ReadOnlySpan<char> text, bool finished) => Note($"in {text}{(finished ? "." : "")}");

    public void OnOutputTranscript(ReadOnlySpan<char> text, bool finished) => Note($"out {text}{(finished ? "." : "")}");

    public void OnText(string text) => Note($"text {text}");

    public void OnThought(string text) => Note($"thought {text}");

    public void OnToolCall(IReadOnlyList<LiveFunctionCall> calls)
    {
        Calls.AddRange(calls);
        Note("call " + string.Join(",", calls.Select(call => call.Name + call.Args.GetRawText())));
    }

    public void OnToolCallCancelled(IReadOnlyList<string> ids) => Note("cancel " + string.Join(",", ids));

    public void OnGenerationComplete() => Note("generated");

    public void OnTurnComplete(string? reason) => Note($"turn {reason}".TrimEnd());

    public void OnGoAway(TimeSpan timeLeft) => Note($"goaway {timeLeft.TotalSeconds}");

    public void OnResumptionUpdate(string? handle, bool resumable) => Note($"handle {handle} {resumable}");

    public void OnUsage(LiveUsage usage)
    {
        Usage = usage;
        Note($"usage {usage.TotalTokens}");
    }

    public void OnVoiceActivity(LiveVoiceActivity activity) => Note($"activity {activity.Kind} {activity.Type}");

    public void OnWaitingForInput() => Note("waiting");

    public void OnInteractionStatus(string status) => Note($"status {status}");

    public void OnGroundingMetadata(JsonElement metadata) => Note($"grounding {metadata.GetRawText()}");

    public void OnExecutableCode(JsonElement code) => Note($"code {code.GetRawText()}");

    public void OnCodeExecutionResult(JsonElement result) => Note($"result {result.GetRawText()}");

    public void OnUnsupportedMedia(string mimeType) => Note($"unsupported {mimeType}");

    protected virtual void Note(string line)
    {
        _events.Enqueue(line);
        OnEvent?.Invoke(line);
    }
}
