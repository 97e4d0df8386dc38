namespace VoiceGateway.GeminiLive;

/// <summary>
/// A conversation with a model that outlives its connections. One connection at a time carries it; when that one grows old, is
/// told to go, or dies, the link closes it, opens the next, and gives the model what it missed.
/// <code>
///   StartAsync ─▶ Up ──── goAway | age: at a quiet moment, close first ───▶ Down ─▶ dial: handle | history, back-off, routes ─▶ Up
///                  └───── lost | stuck | Reconnect(): at once ─────────────▲  └─ every route and budget used up ─▶ Completion
/// </code>
/// The caller's audio goes through <see cref="CallerReplay"/> at all times: while the link is down it waits there, and what the
/// model cannot remember is sent again. Sends from any thread.
/// </summary>
public sealed class LiveLink : IAsyncDisposable
{
    // While the network takes a replay, this much at a time is given to it.
    private static readonly TimeSpan ReplayAhead = TimeSpan.FromSeconds(0.5);

    // More than this at once is nothing that a model could still answer.
    private const int MostUnanswered = 20;

    // How long the server may take to close its side: meanwhile the caller is not heard.
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);

    // How often a quiet moment is looked for, once one is wanted.
    private static readonly TimeSpan QuietPoll = TimeSpan.FromMilliseconds(40);

    private readonly ILiveLinkHandler _handler;
    private readonly LiveLinkOptions _options;
    private readonly TimeProvider _time;
    private readonly LinkDialer _dialer;
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource<LiveLinkEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly CallerReplay _replay;
    private readonly List<string> _unanswered = [];

    // Guarded by _gate.
    private CallerTurns _turns;
    private LiveSession? _up;
    private bool _replaying;
    private bool _dirty;
    private bool _answering;
    private bool _acted;
    private LinkCause? _wanted;
    private bool _elsewhere;
    private long _wantedBy;
    private TaskCompletionSource _wake = New();
    private int _framesSent;

    private ConnectionEvents? _events;
    private int _connection;
    private Task _run = Task.CompletedTask;

    /// <param name="routes">At least one; tried in order.</param>
    /// <param name="handler">Whose conversation it is.</param>
    /// <param name="options">Limits and clocks.</param>
    public LiveLink(IReadOnlyList<LiveRoute> routes, ILiveLinkHandler handler, LiveLinkOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(routes.Count);
        _options = options ?? new LiveLinkOptions();
        _handler = handler;
        _time = _options.Session.TimeProvider;
        _dialer = new LinkDialer(routes, handler, _options);
        _replay = new CallerReplay(_options.Session.BufferPool, PcmFormat.UplinkSamples(_options.MostReplay) / PcmFormat.SamplesPerFrame);
    }

    /// <summary>Completes when the conversation cannot go on, or was closed here; never faults. After <see cref="StartAsync"/>.</summary>
    public Task<LiveLinkEnd> Completion => _completion.Task;

    /// <summary>The number of the attempt that became the connection, rising from 1; tools answer the connection that asked.</summary>
    public int Connection => Volatile.Read(ref _connection);

    /// <summary>The way it goes, or is being sought.</summary>
    public LiveRoute Route => _dialer.Route;

    public bool IsUp
    {
        get { lock (_gate) return _up is not null; }
    }

    /// <summary>Caller audio that was given up because there was more than may be kept.</summary>
    public TimeSpan LostAudio
    {
        get { lock (_gate) return PcmFormat.UplinkDuration(_replay.LostFrames * PcmFormat.SamplesPerFrame); }
    }

    /// <summary>Opens the first connection. What can be expected to fail is returned; only <paramref name="cancellationToken"/> throws.</summary>
    public async Task<LiveFailure?> StartAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var (session, failure) = await _dialer.DialAsync(null, settled: true, NextEvents, cancellationToken).ConfigureAwait(false);
        if (session is null)
        {
            _completion.TrySetResult(new LiveLinkEnd(failure, null));
            return failure;
        }
        _run = RunAsync(session, started);
        return null;
    }

    /// <summary>The caller's next 20 ms. For the clock thread: never blocks and allocates nothing; kept while the link is down.</summary>
    /// <param name="pcm16kHz">320 samples.</param>
    /// <param name="voiced">The caller speaks, as far as this side can tell: what must not be lost, and in manual activity detection the caller's turn.</param>
    /// <param name="narrowband">Made from 8 kHz, so that there is nothing above 4, and the second of each two samples is one of the line's:
    /// half of it is enough to be kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 320 samples.</exception>
    public void SendAudio(ReadOnlySpan<short> pcm16kHz, bool voiced, bool narrowband = false)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pcm16kHz.Length, PcmFormat.SamplesPerFrame, nameof(pcm16kHz));
        lock (_gate)
        {
            _replay.Append(pcm16kHz, voiced, narrowband);
            if (voiced) (_dirty, _acted) = (true, false);
            if (_up is not { } session || _replaying) return;
            Pump(session, pcm16kHz, TimeSpan.MaxValue);
            if (++_framesSent % PcmFormat.FramesPerSecond == 0 && session.QueuedAudio > _options.StuckAfter) Want(LinkCause.Stuck, TimeSpan.Zero);
        }
    }

    /// <summary>A line of text as if spoken by the user: the model answers it.</summary>
    /// <param name="text">What is said.</param>
    /// <param name="keep">Until the model has answered, it is said again on every connection that takes up the conversation. Otherwise
    /// it is of this moment only: while the link is down it goes nowhere.</param>
    public void SendText(string text, bool keep = true)
    {
        lock (_gate)
        {
            _dirty = true;
            if (keep) _unanswered.Add(text);
            if (_unanswered.Count > MostUnanswered) _unanswered.RemoveAt(0);
            _up?.SendText(text);
        }
    }

    /// <summary>Something the model should know and need not answer. False while the link is down: what is not current is of no use later.</summary>
    public bool SendContext(string text)
    {
        lock (_gate)
        {
            _dirty = true;
            return _up?.SendClientContent([new LiveContent("user", text)], turnComplete: false) == true;
        }
    }

    /// <param name="connection">The one that asked.</param>
    /// <param name="results">The answers.</param>
    /// <returns>False when that connection is gone: its successor does not know these ids.</returns>
    public bool SendToolResponse(int connection, IReadOnlyList<LiveToolResult> results)
    {
        lock (_gate)
        {
            _dirty = true;
            return _connection == connection && _up?.SendToolResponse(results) == true;
        }
    }

    /// <summary>Replaces instruction or functions (null: keep), now and for every connection to come.</summary>
    /// <returns>False where the model has no <c>contextUpdate</c>, or the link is down: this connection has not been told.</returns>
    public bool UpdateContext(string? systemInstruction, IReadOnlyList<LiveFunction>? functions)
    {
        lock (_gate)
        {
            _dialer.Amend(systemInstruction, functions);
            return _up?.SendContextUpdate(systemInstruction, functions) == true;
        }
    }

    /// <summary>The conversation does not go on over this connection: another one, at once. Does nothing while one is sought.</summary>
    /// <param name="elsewhere">By the next route; when there is none, in a fresh session.</param>
    public void Reconnect(bool elsewhere = false)
    {
        lock (_gate)
        {
            if (_up is null) return;
            _elsewhere = elsewhere;
            Want(LinkCause.Asked, TimeSpan.Zero);
        }
    }

    /// <summary>Closes the connection in order. Afterwards no task runs, no event comes, and every buffer is back in its pool.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        lock (_gate) Wake();
        await _run.ConfigureAwait(false);
        lock (_gate) _replay.Dispose();
        _completion.TrySetResult(new LiveLinkEnd(null, null));
    }

    public override string ToString() => $"LiveLink({Route.Name}, connection {_connection})";

    private async Task RunAsync(LiveSession session, long downSince)
    {
        var cause = LinkCause.Start;
        LiveClose? close = null;
        LiveFailure? failure = null;
        try
        {
            while (true)
            {
                var upSince = _time.GetTimestamp();
                await BringUpAsync(session, cause, _dialer.Resumed, _time.GetElapsedTime(downSince)).ConfigureAwait(false);
                (cause, close) = await UntilDownAsync(session, upSince).ConfigureAwait(false);
                downSince = _time.GetTimestamp();
                var elsewhere = TakeDown(cause);
                if (!_over.IsCancellationRequested) _handler.OnLinkDown(new LinkDown(_connection, cause, close));
                // The server refuses to resume what is still connected.
                await (cause is LinkCause.Stuck or LinkCause.Asked ? session.AbandonAsync() : session.CloseAsync(CloseLimit)).ConfigureAwait(false);
                if (_over.IsCancellationRequested) break;

                var first = close is not null ? LinkPolicy.For(close.Kind).Talking : elsewhere ? _dialer.Elsewhere : LinkStep.Resume;
                var settled = cause is LinkCause.Age or LinkCause.Asked || _time.GetElapsedTime(upSince) >= _options.Stable;
                (var next, failure) = await _dialer.DialAsync(first, settled, NextEvents, _over.Token).ConfigureAwait(false);
                if (next is null) break;
                session = next;
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
        }
        catch (Exception fault)
        {
            close = LiveFaults.Defect(fault);
            await session.DisposeAsync().ConfigureAwait(false);
        }
        _completion.TrySetResult(_over.IsCancellationRequested ? new LiveLinkEnd(null, null) : new LiveLinkEnd(failure, close));
    }

    private ConnectionEvents NextEvents()
    {
        lock (_gate)
        {
            _connection++;
            // What the last connection asked for is done.
            (_answering, _wanted) = (false, null);
            return _events = new ConnectionEvents(_handler, OnProgress, OnTurnComplete, OnGoAway, OnHandle);
        }
    }

    private async Task BringUpAsync(LiveSession session, LinkCause cause, bool resumed, TimeSpan gap)
    {
        TimeSpan replayed;
        bool clean, speech;
        string[] unanswered;
        lock (_gate)
        {
            _turns.Begin(session);
            (_replaying, clean) = (true, resumed && !_dirty);
            // Even at a quiet moment: the first sound of a word may lie there, unnoticed, and the model has forgotten it.
            if (clean) _replay.StepBack(CallerReplay.PreRollFrames);
            // The last sound of an utterance that the handle came right behind: half of it is no utterance, and the model may not know the other half.
            clean &= !_replay.HasUnsentVoice;
            if (!resumed) _replay.RewindToAnswered();
            else if (!clean) _replay.RewindToRemembered();
            speech = _replay.HasUnsentVoice;
            unanswered = clean ? [] : [.. _unanswered];
            replayed = PcmFormat.UplinkDuration((long)_replay.Unsent * PcmFormat.SamplesPerFrame);
            _up = session;
        }
        if (!resumed && _dialer.History is { Count: > 0 } history) session.SendClientContent(history, turnComplete: true);
        _handler.OnLinkUp(new LinkUp(_connection, cause, _dialer.Route, resumed && cause != LinkCause.Start, clean, gap, replayed, speech, unanswered.Length > 0));
        foreach (var text in unanswered) session.SendText(text);
        await ReplayAsync(session).ConfigureAwait(false);
    }

    /// <summary>Until all that waits has been sent, or this connection is to be left.</summary>
    private async Task ReplayAsync(LiveSession session)
    {
        var (waits, since) = (TimeSpan.Zero, _time.GetTimestamp());
        while (!session.Completion.IsCompleted && !_over.IsCancellationRequested)
        {
            lock (_gate)
            {
                var queued = session.QueuedAudio;
                if (queued < waits || queued < ReplayAhead) since = _time.GetTimestamp();
                waits = queued;
                if (_time.GetElapsedTime(since) > _options.StuckAfter) Want(LinkCause.Stuck, TimeSpan.Zero);
                if (_wanted is not null && _time.GetTimestamp() >= _wantedBy) return;
                _replaying = !Pump(session, [], ReplayAhead);
                if (!_replaying) return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time).ConfigureAwait(false);
        }
    }

    /// <returns>When there is nothing more to send: true.</returns>
    private bool Pump(LiveSession session, ReadOnlySpan<short> newest, TimeSpan ahead)
    {
        while (session.QueuedAudio < ahead)
            if (!_turns.SendNext(_replay, newest, session)) return true;
        return false;
    }

    private async Task<(LinkCause Cause, LiveClose? Close)> UntilDownAsync(LiveSession session, long upSince)
    {
        var quietSince = 0L;
        while (true)
        {
            Task wake;
            LinkCause? wanted;
            TimeSpan left;
            lock (_gate)
            {
                _wake = New();
                wake = _wake.Task;
                if (_wanted is null && _options.RotateAfter is { } age && _time.GetElapsedTime(upSince) >= age) Want(LinkCause.Age, _options.RotateGrace);
                wanted = _wanted;
                left = _time.GetElapsedTime(_time.GetTimestamp(), _wantedBy);
            }
            if (session.Completion.IsCompleted) return (LinkCause.Lost, await session.Completion.ConfigureAwait(false));
            if (_over.IsCancellationRequested) return (LinkCause.Age, null);
            if (wanted is { } why && IsTime(left, ref quietSince)) return (why, null);

            var pause = wanted is not null ? QuietPoll : UntilAged(upSince);
            using var enough = new CancellationTokenSource();
            await Task.WhenAny(session.Completion, wake, Task.Delay(pause, _time, enough.Token)).ConfigureAwait(false);
            await enough.CancelAsync().ConfigureAwait(false);
        }
    }

    private TimeSpan UntilAged(long upSince)
    {
        if (_options.RotateAfter is not { } age) return Timeout.InfiniteTimeSpan;
        var left = age - _time.GetElapsedTime(upSince);
        return left > QuietPoll ? left : QuietPoll;
    }

    /// <summary>Quiet with a handle that knows everything; or quiet for a while without one; or the last moment.</summary>
    private bool IsTime(TimeSpan left, ref long quietSince)
    {
        if (left <= TimeSpan.Zero) return true;
        if (!_handler.IsQuiet)
        {
            quietSince = 0;
            return false;
        }
        lock (_gate)
            if (!_dirty && _dialer.Handle is not null) return true;
        if (quietSince == 0) quietSince = _time.GetTimestamp();
        return _time.GetElapsedTime(quietSince) >= _options.HandlePatience;
    }

    /// <returns>Whether the next connection shall be another way.</returns>
    private bool TakeDown(LinkCause cause)
    {
        _events?.Retire();
        lock (_gate)
        {
            // Audio that the old connection has not sent yet is for the next one.
            if (_up is { } session) _replay.StepBack((int)(session.QueuedAudio / PcmFormat.FrameDuration));
            var elsewhere = _elsewhere && cause == LinkCause.Asked;
            (_up, _elsewhere) = (null, false);
            return elsewhere;
        }
    }

    // Guarded by _gate.
    private void Want(LinkCause cause, TimeSpan within)
    {
        var by = _time.GetTimestamp() + (long)(within.TotalSeconds * _time.TimestampFrequency);
        // goAway after the age was reached makes it more urgent, never less.
        if (_wanted is not null && by >= _wantedBy) return;
        (_wanted, _wantedBy) = (cause, by);
        Wake();
    }

    private void Wake() => _wake.TrySetResult();

    private void OnProgress()
    {
        lock (_gate) _dirty = _answering = _acted = true;
    }

    // A turn in which the model did nothing was no answer.
    private void OnTurnComplete()
    {
        lock (_gate)
        {
            if (!_acted) return;
            _replay.MarkAnswered();
            _unanswered.Clear();
            // There is no other way to remember than the transcript.
            if (_dialer.Handle is null) _replay.ForgetAnswered();
        }
    }

    private void OnGoAway(TimeSpan timeLeft)
    {
        var margin = timeLeft / 4 < _options.GoAwayMargin ? timeLeft / 4 : _options.GoAwayMargin;
        lock (_gate) Want(LinkCause.GoAway, timeLeft - margin);
    }

    private void OnHandle(string handle)
    {
        lock (_gate)
        {
            _dialer.Handle = handle;
            // Before its first answer a connection knows what its own handle brought back, and nothing of what is being replayed to it.
            if (!_answering) return;
            _dirty = false;
            _replay.Checkpoint();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
