using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// One client's session as the simulator saw it: what was received, what was sent and when. Every member may be read while
/// the session runs, and after it has ended.
/// </summary>
public sealed class SimulatedSession
{
    private const int LongestLog = 10_000;

    private readonly TimeProvider _time;
    private readonly AudioCapture _capture;
    private readonly BoundedLog<SessionEvent> _events = new(LongestLog);
    private readonly BoundedLog<string> _texts = new(LongestLog);
    private readonly BoundedLog<JsonElement> _contents = new(LongestLog);
    private readonly BoundedLog<SimulatedToolCall> _toolCalls = new(LongestLog);
    private readonly BoundedLog<AudioFrameTime>? _received;
    private readonly BoundedLog<AudioFrameTime>? _sent;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _framesReceived;
    private long _samplesReceived;
    private long _framesSent;
    private long _bytesSent;

    internal SimulatedSession(string id, LiveApiPath api, CredentialKind credential, LiveSimulatorOptions options)
    {
        Id = id;
        IsVertex = api.IsVertex;
        ApiVersion = api.Version;
        Credential = credential;
        _time = options.TimeProvider;
        StartedAt = _time.GetUtcNow();
        _capture = new AudioCapture(options.CaptureAudio);
        if (options.FrameTimesKept > 0)
        {
            _received = new(options.FrameTimesKept);
            _sent = new(options.FrameTimesKept);
        }
    }

    public string Id { get; }

    public DateTimeOffset StartedAt { get; }

    public bool IsVertex { get; }

    public string ApiVersion { get; }

    /// <summary>How the client identified itself.</summary>
    public CredentialKind Credential { get; }

    /// <summary>The <c>setup</c> object, once a valid one has come.</summary>
    public JsonElement? Setup { get; internal set; }

    public bool IsOpen => !_completion.Task.IsCompleted;

    /// <summary>Completes when the connection is gone. It never faults; see <see cref="Fault"/>.</summary>
    public Task Completion => _completion.Task;

    public int? CloseCode { get; internal set; }

    public string? CloseReason { get; internal set; }

    public bool ClosedByClient { get; internal set; }

    /// <summary>A mistake of the simulator's own that ended the session.</summary>
    public Exception? Fault { get; internal set; }

    public IReadOnlyList<SessionEvent> Events => _events.Snapshot();

    /// <summary>The texts of <c>realtimeInput.text</c>.</summary>
    public IReadOnlyList<string> Texts => _texts.Snapshot();

    /// <summary>The <c>clientContent</c> objects.</summary>
    public IReadOnlyList<JsonElement> Contents => _contents.Snapshot();

    public IReadOnlyList<SimulatedToolCall> ToolCalls => _toolCalls.Snapshot();

    public long AudioFramesReceived => Interlocked.Read(ref _framesReceived);

    public long AudioSamplesReceived => Interlocked.Read(ref _samplesReceived);

    public long AudioFramesSent => Interlocked.Read(ref _framesSent);

    public long AudioBytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Empty unless <see cref="LiveSimulatorOptions.FrameTimesKept"/> asked for them.</summary>
    public IReadOnlyList<AudioFrameTime> ReceivedFrameTimes => _received?.Snapshot() ?? [];

    public IReadOnlyList<AudioFrameTime> SentFrameTimes => _sent?.Snapshot() ?? [];

    /// <summary>The caller's audio from the start, as much as <see cref="LiveSimulatorOptions.CaptureAudio"/> allows.</summary>
    public short[] ReceivedAudio() => _capture.ToArray();

    public int ReceivedAudioRateHz => _capture.SampleRateHz;

    /// <summary>Sends any text as a server message, well formed or not.</summary>
    public Task SendRawAsync(string json) => Outbox?.SendRawAsync(json) ?? Task.CompletedTask;

    /// <summary>Closes the WebSocket with this code and reason, in order.</summary>
    public Task CloseAsync(int code, string reason) => Outbox?.CloseAsync(code, reason) ?? Task.CompletedTask;

    /// <summary>Drops the TCP connection without a close frame: the client sees 1006.</summary>
    public void Abort() => Outbox?.Abort();

    public override string ToString() => $"{Id} ({(IsVertex ? "vertex" : "developer")}/{ApiVersion})";

    internal Outbox? Outbox { get; set; }

    internal void Note(SessionEventKind kind, string? detail = null) => _events.Add(new(_time.GetTimestamp(), kind, detail));

    internal void NoteText(string text)
    {
        _texts.Add(text);
        Note(SessionEventKind.TextReceived, text);
    }

    internal void NoteContent(JsonElement content)
    {
        _contents.Add(content);
        Note(SessionEventKind.ContentReceived);
    }

    internal void NoteAudioReceived(ReadOnlySpan<short> pcm, int sampleRateHz)
    {
        Interlocked.Increment(ref _framesReceived);
        Interlocked.Add(ref _samplesReceived, pcm.Length);
        _received?.Add(new(_time.GetTimestamp(), pcm.Length * sizeof(short)));
        _capture.Write(pcm, sampleRateHz);
    }

    internal void NoteAudioSent(int bytes)
    {
        Interlocked.Increment(ref _framesSent);
        Interlocked.Add(ref _bytesSent, bytes);
        _sent?.Add(new(_time.GetTimestamp(), bytes));
    }

    internal void NoteToolCall(string id, string name, JsonElement args)
    {
        _toolCalls.Add(new(id, name, args, _time.GetTimestamp()));
        Note(SessionEventKind.ToolCall, name);
    }

    internal void NoteToolCancelled(string id)
    {
        _toolCalls.Replace(call => call.Id == id, static call => call with { Cancelled = true });
        Note(SessionEventKind.ToolCallCancellation, id);
    }

    internal void NoteToolResponse(string id, JsonElement response, string? scheduling, bool late)
    {
        var now = _time.GetTimestamp();
        _toolCalls.Replace(call => call.Id == id, call => late
            ? call with { AnsweredLate = true }
            : call with { Response = response, Scheduling = scheduling, AnsweredAt = now });
        Note(SessionEventKind.ToolResponse, id);
    }

    internal void NoteEnd()
    {
        Note(SessionEventKind.Closed, CloseReason);
        _completion.TrySetResult();
    }
}
