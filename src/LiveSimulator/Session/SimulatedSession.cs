using System.Text;
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
    private readonly Action<string>? _log;
    private readonly AudioCapture _capture;
    private readonly BoundedLog<SessionEvent> _events = new(LongestLog);
    private readonly BoundedLog<string> _texts = new(LongestLog);
    private readonly BoundedLog<JsonElement> _contents = new(LongestLog);
    private readonly BoundedLog<SimulatedToolCall> _toolCalls = new(LongestLog);
    private readonly BoundedLog<InjectedFault> _faults = new(LongestLog);
    private readonly BoundedLog<long> _handles = new(LongestLog);
    private readonly BoundedLog<AudioFrameTime>? _received;
    private readonly BoundedLog<AudioFrameTime>? _sent;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _captureStart = -1;
    private long _framesReceived;
    private long _samplesReceived;
    private long _framesSent;
    private long _bytesSent;

    internal SimulatedSession(string id, LiveApiPath api, CredentialKind credential, LiveSimulatorOptions options, ConversationThread? thread = null)
    {
        Id = id;
        Thread = thread ?? new ConversationThread(id, captureFolder: null);
        Thread.CurrentId = id;
        IsVertex = api.IsVertex;
        ApiVersion = api.Version;
        Credential = credential;
        _time = options.TimeProvider;
        _log = options.Log;
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

    /// <summary>When the connection was gone.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The same for all sessions that resume one another.</summary>
    public string Conversation => Thread.Id;

    /// <summary>The session whose handle this one took up.</summary>
    public string? ResumedFrom { get; internal set; }

    public bool IsVertex { get; }

    public string ApiVersion { get; }

    /// <summary>How the client identified itself.</summary>
    public CredentialKind Credential { get; }

    /// <summary>The <c>setup</c> object, once a valid one has come.</summary>
    public JsonElement? Setup { get; internal set; }

    public bool IsOpen => !_completion.Task.IsCompleted;

    /// <summary>Completes when the connection is gone. It never faults; see <see cref="Fault"/>.</summary>
    public Task Completion => _completion.Task;

    /// <summary>The code that ended the session, whoever sent it; 1006 without any.</summary>
    public int? CloseCode { get; internal set; }

    public string? CloseReason { get; internal set; }

    public bool ClosedByClient { get; internal set; }

    /// <summary>The code in our close frame, if we sent one.</summary>
    public int? CloseCodeSent { get; internal set; }

    /// <summary>The code in the client's close frame, if one came; 1005 when it held none.</summary>
    public int? CloseCodeReceived { get; internal set; }

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

    /// <summary>When the client was given a handle, in the ticks of the events: the state up to then is what it stands for.</summary>
    public IReadOnlyList<long> HandleTimes => _handles.Snapshot();

    /// <summary>The faults that came over the session so far, by whoever's order.</summary>
    public IReadOnlyList<InjectedFault> Faults => _faults.Snapshot();

    /// <summary>The lasting faults that are on now.</summary>
    public IReadOnlyList<Fault> StandingFaults => Standing.Snapshot();

    /// <summary>
    /// The caller's audio from the session's start, as much as <see cref="LiveSimulatorOptions.CaptureAudio"/> allows; all of it
    /// with <see cref="LiveSimulatorOptions.CaptureFolder"/>.
    /// </summary>
    public short[] ReceivedAudio() => Thread.Capture is { } file ? file.Read(Math.Max(_captureStart, 0), _captureStart < 0 ? 0 : AudioSamplesReceived) : _capture.ToArray();

    public int ReceivedAudioRateHz => _capture.SampleRateHz;

    /// <summary>Sends any text as a server message, well formed or not.</summary>
    public Task SendRawAsync(string json) => Outbox?.SendBytesAsync(Encoding.UTF8.GetBytes(json)) ?? Task.CompletedTask;

    /// <summary>Closes the WebSocket with this code and reason, in order.</summary>
    public Task CloseAsync(int code, string reason) => Outbox?.CloseAsync(code, reason) ?? Task.CompletedTask;

    /// <summary>Drops the TCP connection without a close frame: the client sees 1006.</summary>
    public void Abort() => Outbox?.Abort();

    /// <summary>Lets a fault come over the session now.</summary>
    /// <returns>False when the session is over, or was before the fault could happen.</returns>
    /// <exception cref="ArgumentException">The fault is for connections to come: arm it on the server.</exception>
    public Task<bool> InjectAsync(Fault fault) => Injector?.InjectAsync(fault) ?? Task.FromResult(false);

    /// <summary>Ends all lasting faults.</summary>
    public void ClearFaults() => Standing.Clear();

    public override string ToString() => $"{Id} ({(IsVertex ? "vertex" : "developer")}/{ApiVersion})";

    internal Outbox? Outbox { get; set; }

    internal FaultInjector? Injector { get; set; }

    internal StandingFaults Standing { get; init; } = new();

    internal ConversationThread Thread { get; set; }

    /// <summary>Completes when another connection may take up this session's handle.</summary>
    internal Task Released => _released.Task;

    internal void Release() => _released.TrySetResult();

    /// <summary>A fault that is on from the start.</summary>
    internal void StandUnder(Fault fault)
    {
        NoteFault(fault);
        Standing.Set(fault);
    }

    internal void NoteFault(Fault fault)
    {
        _log?.Invoke($"session {this} fault {fault}");
        _faults.Add(new(_time.GetUtcNow(), _time.GetTimestamp(), fault));
        Note(SessionEventKind.Fault, fault.Kind);
    }

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
        if (Thread.Capture is { } file)
        {
            if (_captureStart < 0)
                _captureStart = file.Length;
            file.Write(pcm);
        }

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

    internal void NoteHandle() => _handles.Add(_time.GetTimestamp());

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
        EndedAt = _time.GetUtcNow();
        Note(SessionEventKind.Closed, CloseReason);
        Thread.Capture?.Pause();
        _released.TrySetResult();
        _completion.TrySetResult();
    }
}
