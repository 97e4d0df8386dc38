using System.Net.WebSockets;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// One connection to the Live API, set up and talking. Sends from any thread; what the server says goes to the
/// <see cref="ILiveSessionHandler"/>. <see cref="Completion"/> tells when and why it is over; then a new session takes up
/// where this one ended, with <see cref="ResumptionHandle"/>: close the old one first.
/// </summary>
public sealed class LiveSession : IAsyncDisposable
{
    /// <summary>Between pongs that nobody asked for, which keep NATs on the way from forgetting a connection that is silent (RFC 6455 5.5.3).</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    /// <summary>For the server to close TCP, when both have said that they close.</summary>
    private static readonly TimeSpan Leave = TimeSpan.FromSeconds(1);

    private readonly LiveWebSocket _socket;
    private readonly LiveEndpoint _endpoint;
    private readonly LiveSetup _setup;
    private readonly LiveSessionOptions _options;
    private readonly LiveWriter _writer;
    private readonly LiveReceiver _receiver;
    private readonly TaskCompletionSource _setupComplete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<LiveClose> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _closing = new();
    private Task _run = Task.CompletedTask;
    private Task? _close;
    private LiveClose? _endedHere;
    private ITimer? _lingering;
    private int _historyEnded;
    private string? _resumptionHandle;
    private long _lastConsumed = -1;

    private LiveSession(
        LiveWebSocket socket, LiveEndpoint endpoint, LiveSetup setup, ILiveSessionHandler handler, LiveSessionOptions options)
    {
        _socket = socket;
        _endpoint = endpoint;
        _setup = setup;
        _options = options;
        Contract = setup.Contract ?? LiveModelContract.For(setup.Model);
        _writer = new LiveWriter(socket, options, Counters, OnSendFault);
        _receiver = new LiveReceiver(socket, _writer, options, Counters, handler, OnParsed);
    }

    /// <summary>Completes when the connection is over, however that came about; never faults.</summary>
    public Task<LiveClose> Completion => _completion.Task;

    public LiveSessionCounters Counters { get; } = new();

    public LiveModelContract Contract { get; }

    /// <summary>Settings that were asked for and not sent, because the model refuses them: for the log.</summary>
    public IReadOnlyList<string> OmittedSettings { get; private set; } = [];

    /// <summary>The newest handle that came with <c>resumable:true</c>; good for two hours.</summary>
    public string? ResumptionHandle => Volatile.Read(ref _resumptionHandle);

    /// <summary>Index of the last client message that <see cref="ResumptionHandle"/> includes, when the server tells.</summary>
    public long? LastConsumedClientMessageIndex => Volatile.Read(ref _lastConsumed) is >= 0 and var index ? index : null;

    /// <summary>Audio that waits for the network.</summary>
    public TimeSpan QueuedAudio => _writer.QueuedAudio;

    /// <summary>
    /// When the server last sent anything, as a timestamp of <see cref="LiveSessionOptions.TimeProvider"/>
    /// (<see cref="TimeProvider.GetElapsedTime(long)"/>); when it connected, before that. Pongs do not count.
    /// </summary>
    public long LastReceived => _receiver.LastReceived;

    /// <summary>
    /// Messages handed to the network, audio and setup included: the setup has index 0, so the newest has this minus one.
    /// Audio sent behind <see cref="LastConsumedClientMessageIndex"/> is not in the session that the handle takes up.
    /// </summary>
    public long ClientMessagesSent => Counters.AudioMessagesSent + Counters.ControlMessagesSent;

    /// <summary>
    /// Connects, sends the setup and waits for <c>setupComplete</c>. What can be expected to fail comes back as
    /// <see cref="LiveConnectResult.Failure"/>; only <paramref name="cancellationToken"/> throws.
    /// </summary>
    public static async Task<LiveConnectResult> ConnectAsync(
        LiveEndpoint endpoint,
        LiveSetup setup,
        ILiveSessionHandler handler,
        LiveSessionOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new LiveSessionOptions();
        if (endpoint.FindFault() is { } fault) return new LiveConnectResult(LiveFaults.Configuration(fault));
        if (string.IsNullOrWhiteSpace(setup.Model)) return new LiveConnectResult(LiveFaults.Configuration("no model is named"));
        if (setup.ResponseModality != LiveSetup.Audio)
            return new LiveConnectResult(LiveFaults.Configuration($"response modality {setup.ResponseModality}: only {LiveSetup.Audio} can be heard on a telephone"));

        var (admitted, refused) = await LiveCredentials.ResolveAsync(endpoint, options, cancellationToken).ConfigureAwait(false);
        if (admitted is null) return new LiveConnectResult(refused!);

        var (socket, failure) = await LiveConnector.OpenAsync(admitted, options, cancellationToken).ConfigureAwait(false);
        if (socket is null) return new LiveConnectResult(failure!);

        var session = new LiveSession(socket, admitted, setup, handler, options);
        LiveClose? close;
        try
        {
            close = await session.SetUpAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await session.AbortAsync(LiveFaults.Here()).ConfigureAwait(false);
            throw;
        }

        if (close is null) return new LiveConnectResult(session);

        await session.DisposeAsync().ConfigureAwait(false);
        return new LiveConnectResult(LiveFaults.FromSetup(close, resuming: setup.ResumptionHandle is not null));
    }

    /// <summary>
    /// Sends speech, in frames of 20 ms. For the clock thread: never blocks, allocates nothing while the network keeps up;
    /// else queues up to <see cref="LiveSessionOptions.AudioQueue"/> and then loses the oldest, counted. Never stop calling
    /// it during a call: the model takes turns by hearing silence.
    /// </summary>
    /// <param name="pcm16kHz">Mono, any length; 320 samples go out in one message.</param>
    /// <returns>False when the session is over.</returns>
    public bool TrySendAudio(ReadOnlySpan<short> pcm16kHz) => _writer.TrySendAudio(pcm16kHz);

    /// <summary>A line of text as if spoken by the user: nudges, DTMF, context. False when the session is over.</summary>
    public bool SendText(string text) => _writer.SendControl(ControlMessages.Text(_options.BufferPool, text));

    /// <summary>A picture for the model to see: at most one a second, best at 768 x 768. False when the session is over.</summary>
    public bool SendVideoFrame(byte[] jpeg) => _writer.SendControl(ControlMessages.VideoFrame(_options.BufferPool, jpeg));

    /// <summary>
    /// Appends turns to the context. <paramref name="turnComplete"/> asks for an answer, and interrupts one under way; with
    /// <see cref="LiveSetup.InitialHistoryInClientContent"/> the first one ends the history instead. False when the session is
    /// over, and where the model takes no more than that history (<see cref="LiveModelContract.ClientContentInMidSession"/>).
    /// </summary>
    public bool SendClientContent(IReadOnlyList<LiveContent> turns, bool turnComplete)
    {
        bool isHistory = _setup.InitialHistoryInClientContent && Volatile.Read(ref _historyEnded) == 0;
        if (!isHistory && !Contract.ClientContentInMidSession) return false;

        if (turnComplete) Volatile.Write(ref _historyEnded, 1);
        return _writer.SendControl(ControlMessages.ClientContent(_options.BufferPool, turns, turnComplete));
    }

    /// <summary>Answers function calls of this session. Never after their cancellation.</summary>
    public bool SendToolResponse(IReadOnlyList<LiveToolResult> results) =>
        _writer.SendControl(ControlMessages.ToolResponse(_options.BufferPool, results, Contract));

    /// <summary>The audio pauses for more than a second. False without automatic activity detection, where it would close the session (1007).</summary>
    public bool SendAudioStreamEnd() =>
        _setup.RealtimeInput.AutomaticActivityDetection && _writer.SendControl(ControlMessages.AudioStreamEnd(_options.BufferPool));

    /// <summary>The caller begins to speak. False with automatic activity detection, where it would close the session (1007).</summary>
    public bool SendActivityStart() =>
        !_setup.RealtimeInput.AutomaticActivityDetection && _writer.SendControl(ControlMessages.ActivityStart(_options.BufferPool));

    /// <summary>The caller has spoken. False with automatic activity detection, where it would close the session (1007).</summary>
    public bool SendActivityEnd() =>
        !_setup.RealtimeInput.AutomaticActivityDetection && _writer.SendControl(ControlMessages.ActivityEnd(_options.BufferPool));

    /// <summary>Replaces instruction or functions (null: keep). False where the model has no <c>contextUpdate</c>.</summary>
    public bool SendContextUpdate(string? systemInstruction, IReadOnlyList<LiveFunction>? functions) =>
        Contract.ContextUpdate
        && _writer.SendControl(ControlMessages.ContextUpdate(_options.BufferPool, systemInstruction, functions, Contract));

    /// <summary>The caller's turns are marked by <see cref="SendActivityStart"/> and <see cref="SendActivityEnd"/>.</summary>
    internal bool MarksTurns => !_setup.RealtimeInput.AutomaticActivityDetection;

    /// <summary>Ends without a word to a server that may not be there any more.</summary>
    internal Task AbandonAsync() => AbortAsync(LiveFaults.Here());

    /// <summary>Sends what control messages are queued, then closes with 1000. Each stage has <see cref="LiveSessionOptions.CloseTimeout"/>, then the socket is torn down.</summary>
    public Task CloseAsync()
    {
        lock (_closing) return _close ??= CloseCoreAsync();
    }

    /// <summary>As <see cref="CloseAsync()"/>, but torn down after <paramref name="limit"/> whatever stage it is in: for a rotation, which waits for it.</summary>
    public async Task CloseAsync(TimeSpan limit)
    {
        Task close = CloseAsync();
        try
        {
            await close.WaitAsync(limit, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _socket.Abort();
            await close.ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="CloseAsync()"/>. Afterwards no task runs and every buffer is back in its pool.</summary>
    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    public override string ToString() => $"Live({_setup.Model})";

    private async Task<LiveClose?> SetUpAsync(CancellationToken cancellationToken)
    {
        var omitted = new List<string>();
        _writer.SendControl(SetupMessage.Create(_options.BufferPool, _setup, Contract, _endpoint, omitted));
        OmittedSettings = omitted;
        _run = RunAsync();
        try
        {
            await Task.WhenAny(_setupComplete.Task, Completion)
                .WaitAsync(_options.SetupTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);

            // When both have happened already, WhenAny may name either.
            if (_setupComplete.Task.IsCompleted) return null;
        }
        catch (TimeoutException)
        {
            await AbortAsync(LiveFaults.SetupTimedOut(_options.SetupTimeout)).ConfigureAwait(false);
        }

        return await Completion.ConfigureAwait(false);
    }

    // Everything the connection needs is released here, whoever ended it.
    private async Task RunAsync()
    {
        await using ITimer keepAlive = _options.TimeProvider.CreateTimer(
            static writer => ((LiveWriter)writer!).SendPong([], asked: false), _writer, KeepAlive, KeepAlive);
        LiveClose close = await _receiver.RunAsync().ConfigureAwait(false);
        close = Volatile.Read(ref _endedHere) ?? close;
        if (close.Reason is { } reason) close = close with { Reason = _endpoint.Redact(reason) };
        _completion.TrySetResult(close);

        Task idle = _writer.CompleteAsync(discard: true);
        if (await EndsInTimeAsync(idle).ConfigureAwait(false)) await SendCloseFrameAsync(close).ConfigureAwait(false);
        await EndsInTimeAsync(_socket.DrainAsync(), Leave).ConfigureAwait(false);
        _socket.Abort();
        await idle.ConfigureAwait(false);
        if (Interlocked.Exchange(ref _lingering, null) is { } timer) await timer.DisposeAsync().ConfigureAwait(false);
        _socket.Dispose();
    }

    private async Task CloseCoreAsync()
    {
        // Off the caller's lock, and off the receive loop when a handler calls.
        await Task.Yield();
        Interlocked.CompareExchange(ref _endedHere, Completion.IsCompleted ? null : LiveFaults.Here(), null);
        bool sent = await EndsInTimeAsync(_writer.CompleteAsync(discard: false)).ConfigureAwait(false);
        if (sent) sent = await SendCloseFrameAsync(LiveFaults.Here()).ConfigureAwait(false);
        if (!sent || !await EndsInTimeAsync(_run).ConfigureAwait(false)) _socket.Abort();
        await _run.ConfigureAwait(false);
    }

    private async Task AbortAsync(LiveClose why)
    {
        Interlocked.CompareExchange(ref _endedHere, why, null);
        _socket.Abort();
        await _run.ConfigureAwait(false);
    }

    /// <returns>False when it did not go out, or not in time.</returns>
    private Task<bool> SendCloseFrameAsync(LiveClose why) => EndsInTimeAsync(_socket.CloseOutputAsync(why switch
    {
        { Exception: FrameViolationException violation } => violation.Status,
        { Kind: LiveCloseKind.MessageTooBig } => WebSocketCloseStatus.MessageTooBig,
        { Kind: LiveCloseKind.ProtocolViolated } => WebSocketCloseStatus.InvalidPayloadData,
        _ => WebSocketCloseStatus.NormalClosure,
    }));

    /// <returns>Whether the task ended, well or badly, within the limit: by itself the close time-out.</returns>
    private async Task<bool> EndsInTimeAsync(Task task, TimeSpan? limit = null)
    {
        Task ended = task.ContinueWith(
            static finished => _ = finished.Exception,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await ended.WaitAsync(limit ?? _options.CloseTimeout, _options.TimeProvider).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // A broken pipe often means that a close frame with the true reason is still to be read: give it a moment.
    private void OnSendFault(Exception fault)
    {
        ITimer timer = _options.TimeProvider.CreateTimer(
            static socket => ((LiveWebSocket)socket!).Abort(), _socket, _options.CloseTimeout, Timeout.InfiniteTimeSpan);
        Interlocked.Exchange(ref _lingering, timer)?.Dispose();
    }

    private void OnParsed(ServerMessage message)
    {
        if (message.Resumption is ({ } handle, true, var lastConsumed))
        {
            Volatile.Write(ref _resumptionHandle, handle);
            Volatile.Write(ref _lastConsumed, lastConsumed ?? -1);
        }

        if (message.SetupComplete) _setupComplete.TrySetResult();
    }
}
