using System.Diagnostics;
using System.Net;
using VoiceGateway.Abstractions;
using VoiceGateway.Codecs;
using VoiceGateway.GeminiLive;
using VoiceGateway.Media;
using VoiceGateway.Records;
using VoiceGateway.Routing;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;
using VoiceGateway.Telemetry;
using VoiceGateway.Tools;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>
/// One telephone call with one agent. <see cref="RunAsync"/> owns everything of it, from the first ringing to the last
/// buffer, and has one way out: whatever ends the call first says so to <see cref="End"/>; the rest is undone in reverse order.
/// <code>
///   inbound   media port ─▶ 180 ─▶ Live session ─▶ greeting in playout ─▶ 200 ─▶ ACK ─▶ talk ─▶ end
///   outbound  media port ─▶ Live session ─▶ INVITE ─▶ 200 ─▶ ACK ─▶ greeting ─▶ talk ─▶ end
/// </code>
/// </summary>
public sealed partial class Call : ICallControl
{
    private readonly CallServices _services;
    private readonly ILogger<Call> _log;
    private readonly TaskCompletionSource<CallEndReason> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TurnTimeline _timeline;
    private readonly HeardLedger _ledger = new();
    private readonly Goodbye _goodbye;
    private readonly CallAudioPath _audio;
    private readonly LiveConversation _conversation;
    private readonly CallTools _toolCalls;
    private readonly StereoRecorder? _recorder;
    private readonly string _model;
    private ToolDispatcher? _tools;
    private LiveSession? _live;
    private SipCall? _sip;
    private Exception? _fault;
    private string? _endDetail;
    private TimeSpan? _answeredAfter;
    private TimeSpan? _endedAfter;
    private volatile CallState _state = CallState.Ringing;

    public Call(CallServices services, AgentProfile agent, CallDirection direction, string caller, string called)
    {
        Id = Guid.CreateVersion7().ToString("N");
        (_services, Agent, Direction, CallerNumber, CalledNumber) = (services, agent, direction, caller, called);
        _log = services.Loggers.CreateLogger<Call>();
        _model = agent.Model ?? services.Live.Model;
        StartedAt = services.Time.GetUtcNow();
        _timeline = new TurnTimeline(services.Time);
        _goodbye = new Goodbye(services.Time);
        _recorder = services.Recordings is { } folder ? new StereoRecorder(Path.Combine(folder, $"{Id}.wav"), services.Time) : null;
        _audio = new CallAudioPath(_timeline, _ledger, _goodbye, services.BargeIn, services.Metrics, services.Time, _recorder, EndBecauseOf);
        _toolCalls = new CallTools(_timeline, services.Metrics);
        _conversation = new LiveConversation(_audio, _ledger, _timeline, services.Metrics);
    }

    public string Id { get; }

    public string SipCallId => _sip?.CallId ?? "";

    public AgentProfile Agent { get; }

    public CallDirection Direction { get; }

    public string CallerNumber { get; }

    public string CalledNumber { get; }

    public DateTimeOffset StartedAt { get; }

    public TurnTimeline Timeline => _timeline;

    /// <summary>The first reason wins. From any thread.</summary>
    public void End(CallEndReason reason, string? detail = null)
    {
        if (_ended.TrySetResult(reason)) _endDetail = detail;
    }

    /// <summary>Runs an incoming call to its end. Never throws.</summary>
    public Task RunInboundAsync(SipCall sip) => RunAsync(() => ConverseInboundAsync(sip));

    /// <summary>Places a call and runs it to its end. Never throws.</summary>
    /// <param name="dial">Places the INVITE with the given negotiator; cancelled when the call ends first.</param>
    /// <param name="local">Our address as the callee will see it.</param>
    public Task RunOutboundAsync(Func<ISessionNegotiator, CancellationToken, Task<SipCallResult>> dial, IPAddress local) =>
        RunAsync(() => ConverseOutboundAsync(dial, local));

    /// <inheritdoc/>
    void ICallControl.HangUpAfterPlayout(string reason)
    {
        _endDetail ??= reason;
        _timeline.Mark(TimelineMark.HangUpAsked);
        _goodbye.Ask();
    }

    /// <inheritdoc/>
    Task<TransferOutcome> ICallControl.TransferAsync(TransferRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new TransferOutcome(TransferStatus.NotSupported, null, "This telephone line cannot transfer calls."));

    public CallSnapshot Snapshot() => new()
    {
        Id = Id,
        SipCallId = SipCallId,
        State = _state,
        Direction = Direction,
        Caller = CallerNumber,
        Called = CalledNumber,
        Agent = Agent.Name,
        Model = _model,
        StartedAt = StartedAt,
        AnsweredAfter = _answeredAfter,
        EndedAfter = _endedAfter,
        EndReason = _ended.Task.IsCompletedSuccessfully ? _ended.Task.GetAwaiter().GetResult() : null,
        EndDetail = _endDetail,
        Codec = _audio.HasLeg ? _audio.Leg.Negotiated?.Codec.EncodingName : null,
        Pipeline = _audio.ToString(),
        Recording = _recorder?.Path,
        Timeline = _timeline.Snapshot(),
        Transcript = _ledger.Snapshot(_audio.HasLeg ? _audio.Leg.Playout.PlayedSamples : 0),
        ToolCalls = _toolCalls.Snapshot(),
        Rtp = _audio.HasLeg ? _audio.Leg.Statistics : null,
        Playout = _audio.HasLeg ? PlayoutStatistics() : null,
        PromptTokens = _conversation.Usage?.PromptTokens ?? 0,
        ResponseTokens = _conversation.Usage?.ResponseTokens ?? 0,
    };

    private async Task RunAsync(Func<Task<CallEndReason>> converse)
    {
        using var scope = _log.BeginScope("call {CallId}", Id);
        using var activity = GatewayDiagnostics.Activities.StartActivity("call", ActivityKind.Server);
        activity?.SetTag("voicegateway.direction", Direction.ToString()).SetTag("voicegateway.agent", Agent.Name);
        _services.Metrics.CallStarted(Direction.ToString().ToLowerInvariant());
        LogStarted(Direction, Agent.Name);
        LogPartiesSensitive(CallerNumber, CalledNumber);
        try
        {
            End(await converse().ConfigureAwait(false));
        }
        catch (Exception e)
        {
            EndBecauseOf(CallEndReason.InternalError, e);
        }
        var reason = await _ended.Task.ConfigureAwait(false);
        await UndoAsync(reason).ConfigureAwait(false);
        var meaning = reason.Meaning();
        activity?.SetTag("voicegateway.end_reason", meaning.Tag);
        _services.Metrics.CallEnded(meaning.Tag, meaning.Blame.ToString().ToLowerInvariant(), _endedAfter - _answeredAfter);
        LogEnded(meaning.Tag, _endedAfter!.Value.TotalSeconds, _endDetail);
    }

    private async Task<CallEndReason> ConverseInboundAsync(SipCall sip)
    {
        _sip = sip;
        WatchSignalling(sip);
        if (!TryOpenMedia(sip.LocalAddress)) return CallEndReason.NoMediaPort;
        var negotiator = NegotiatorFor(sip.LocalAddress, out var local);
        if (!OfferIsAcceptable(sip, local)) return CallEndReason.NotAcceptable;

        sip.Ring();
        _timeline.Mark(TimelineMark.Ringing);
        if (!await ConnectLiveAsync().ConfigureAwait(false))
        {
            if (_ended.Task.IsCompleted || _services.Calls.WhenLiveUnavailable == WhenLiveUnavailable.Reject) return CallEndReason.LiveUnavailable;
            await AnswerAsync(sip, negotiator).ConfigureAwait(false);
            return CallEndReason.LiveUnavailable;
        }
        if (Greet()) await FirstOfAsync(_audio.FirstModelAudio.Task, TimeSpan.FromMilliseconds(_services.Calls.RingForGreetingMs)).ConfigureAwait(false);
        if (_ended.Task.IsCompleted) return await _ended.Task.ConfigureAwait(false);
        await AnswerAsync(sip, negotiator).ConfigureAwait(false);
        return await TalkAsync().ConfigureAwait(false);
    }

    private async Task<CallEndReason> ConverseOutboundAsync(Func<ISessionNegotiator, CancellationToken, Task<SipCallResult>> dial, IPAddress localAddress)
    {
        if (!TryOpenMedia(localAddress)) return CallEndReason.NoMediaPort;
        // Nobody shall pick up the phone to hear an apology.
        if (!await ConnectLiveAsync().ConfigureAwait(false)) return CallEndReason.LiveUnavailable;

        _timeline.Mark(TimelineMark.Ringing);
        using var ringing = new CancellationTokenSource(TimeSpan.FromSeconds(_services.Calls.OutboundRingSeconds), _services.Time);
        _ = _ended.Task.ContinueWith(static (_, cts) => ((CancellationTokenSource)cts!).Cancel(), ringing, TaskScheduler.Default);
        var result = await dial(NegotiatorFor(localAddress, out _), ringing.Token).ConfigureAwait(false);
        if (result.Call is not { } sip)
        {
            _endDetail ??= $"{result.StatusCode} {result.Reason}";
            return ringing.IsCancellationRequested || result.StatusCode is 408 or 480 ? CallEndReason.NoAnswer
                : result.StatusCode == 503 && result.Response is null ? CallEndReason.SignallingFailed
                : CallEndReason.Refused;
        }
        _sip = sip;
        WatchSignalling(sip);
        Answered();
        Greet();
        return await TalkAsync().ConfigureAwait(false);
    }

    private async Task AnswerAsync(SipCall sip, SdpNegotiator negotiator)
    {
        _timeline.Mark(TimelineMark.Answered);
        // False: it ended first, and the watcher of its completion knows how.
        if (await sip.AnswerAsync(negotiator).ConfigureAwait(false)) Answered();
        else End(MeaningOf(await sip.Completion.ConfigureAwait(false)));
    }

    private void Answered()
    {
        _answeredAfter = _timeline.Mark(TimelineMark.Acknowledged);
        _state = CallState.Talking;
        _audio.Leg.StartPlayout();
        _services.Metrics.CallAnswered(_answeredAfter.Value);
    }

    private Task<CallEndReason> TalkAsync() => FirstOfAsync(_ended.Task, TimeSpan.FromMinutes(_services.Calls.MaxDurationMinutes), CallEndReason.MaxDuration);

    private bool Greet()
    {
        if (Agent.Greeting.Length == 0) return false;
        // The model does not speak first by itself.
        _live!.SendText(Agent.Greeting);
        return true;
    }

    private bool TryOpenMedia(IPAddress local)
    {
        var bind = IPAddress.TryParse(_services.Media.Address, out var configured) ? configured : local;
        if (!_services.Ports.TryOpen(bind, out var ports)) return false;
        var leg = new RtpLeg(ports, G711Codec.MuLaw, _audio, _services.Media, _services.Time, _services.BufferPool);
        _audio.Attach(leg);
        leg.Start(_services.Clock);
        return true;
    }

    private SdpNegotiator NegotiatorFor(IPAddress local, out LocalAudio audio)
    {
        var shown = IPAddress.TryParse(_services.Sip.AdvertisedAddress, out var advertised) ? advertised
            : IPAddress.TryParse(_services.Media.Address, out var media) && !media.Equals(IPAddress.Any) ? media
            : local;
        audio = new LocalAudio(shown, _audio.Leg.Port, LocalAudio.G711);
        return new SdpNegotiator(audio, Apply);
    }

    private static bool OfferIsAcceptable(SipCall sip, LocalAudio local) =>
        sip.Invite.Body.IsEmpty
        || !SessionDescription.TryParse(sip.Invite.Body.Span, out var offer, out _)
        || SdpNegotiator.CanAnswer(offer!, local);

    // In the dialog's mailbox: the first answer, and every re-INVITE.
    private void Apply(NegotiatedAudio negotiated)
    {
        var wasHeld = _audio.Leg.Negotiated?.OnHold ?? false;
        _audio.Leg.Apply(negotiated);
        if (negotiated.OnHold != wasHeld) _timeline.Mark(negotiated.OnHold ? TimelineMark.Held : TimelineMark.Resumed);
    }

    private async Task<bool> ConnectLiveAsync()
    {
        var started = _timeline.Now;
        var tools = _services.Tools.Select(Agent.Tools, $"agents/{Agent.Name}.json:tools");
        var setup = new LiveSetup
        {
            Model = _model,
            VoiceName = Agent.Voice,
            LanguageCode = Agent.Language,
            SystemInstruction = Agent.Instructions.Length == 0 ? null : Agent.Instructions,
            Functions = [.. tools.Select(static t => new LiveFunction(t.Name, t.Description, t.ParametersSchema))],
        };
        _tools = new ToolDispatcher(tools, Context(), _toolCalls, _toolCalls, _services.ToolOptions, _services.Time, _services.Loggers.CreateLogger<ToolDispatcher>());
        _conversation.Attach(_tools);

        using var abandoned = new CancellationTokenSource();
        var options = new LiveSessionOptions { SetupTimeout = _services.Live.SetupTimeout, ConnectTimeout = _services.Live.SetupTimeout, TimeProvider = _services.Time, BufferPool = _services.BufferPool };
        var connecting = LiveSession.ConnectAsync(_services.Live.Endpoint, setup, _conversation, options, abandoned.Token);
        if (await Task.WhenAny(connecting, _ended.Task).ConfigureAwait(false) != connecting) await abandoned.CancelAsync().ConfigureAwait(false);
        var result = await connecting.ConfigureAwait(false);
        if (!result.IsConnected)
        {
            _endDetail ??= result.Failure.ToString();
            LogLiveUnavailable(result.Failure.ToString());
            return false;
        }
        _live = result.Session;
        _toolCalls.Attach(_live);
        _audio.Attach(_live);
        _timeline.Mark(TimelineMark.LiveReady);
        _services.Metrics.LiveConnected(_timeline.Now - started);
        WatchLive(_live);
        return true;
    }

    private CallContext Context() => new()
    {
        CallId = Id,
        CallerNumber = CallerNumber,
        CalledNumber = CalledNumber,
        AgentName = Agent.Name,
        StartedAt = StartedAt,
        Control = this,
    };

    /// <summary>In reverse order of the making: the caller is told, then tools, the session, media.</summary>
    private async Task UndoAsync(CallEndReason reason)
    {
        if (_fault is not null) LogFault(_fault);
        var meaning = reason.Meaning();
        _state = CallState.Ending;
        try
        {
            if (meaning.Apologise && _sip?.State == SipCallState.Established) await ApologiseAsync().ConfigureAwait(false);
            _timeline.Mark(TimelineMark.Ended);
            _endedAfter = _timeline.Now;
            await HangUpAsync(meaning).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogFault(e);
        }
        _endedAfter ??= _timeline.Now;
        if (_tools is not null) await _tools.DisposeAsync().ConfigureAwait(false);
        if (_live is not null) await _live.DisposeAsync().ConfigureAwait(false);
        await _audio.DisposeAsync().ConfigureAwait(false);
        _state = CallState.Ended;
    }

    private async Task HangUpAsync(CallEndMeaning meaning)
    {
        if (_sip is not { } sip || sip.Completion.IsCompleted) return;
        if (sip.State is SipCallState.Proceeding or SipCallState.Ringing && sip.IsIncoming)
        {
            if (meaning.SipStatus == 503) sip.Reject(503, null, ("Retry-After", "5"));
            else sip.Reject(meaning.SipStatus);
        }
        else
        {
            await sip.HangUpAsync(meaning.ReasonHeader).ConfigureAwait(false);
        }
        await sip.Completion.ConfigureAwait(false);
    }

    private async Task ApologiseAsync()
    {
        _audio.Attach((LiveSession?)null);
        var playout = _audio.Leg.Playout;
        playout.Interrupt(_services.BargeIn.FadeMs);
        playout.SetGain(1);
        playout.Enqueue(Apology.For(Agent));
        playout.EndGeneration();
        while (playout.IsAudible && !_sip!.Completion.IsCompleted) await Task.Delay(TimeSpan.FromMilliseconds(40), _services.Time).ConfigureAwait(false);
        // What has left is still on its way.
        await Task.Delay(TimeSpan.FromMilliseconds(200), _services.Time).ConfigureAwait(false);
    }

    private void WatchSignalling(SipCall sip) =>
        _ = sip.Completion.ContinueWith((ended, _) => End(MeaningOf(ended.GetAwaiter().GetResult())), null, TaskScheduler.Default);

    private void WatchLive(LiveSession live) =>
        _ = live.Completion.ContinueWith((closed, _) => End(CallEndReason.LiveLost, closed.GetAwaiter().GetResult().ToString()), null, TaskScheduler.Default);

    private static CallEndReason MeaningOf(SipCallEnd end) => end.Cause switch
    {
        SipCallEndCause.RemoteBye => CallEndReason.CallerHungUp,
        SipCallEndCause.Cancelled => CallEndReason.CallerCancelled,
        SipCallEndCause.NoAck => CallEndReason.NoAck,
        SipCallEndCause.NegotiationFailed => CallEndReason.NotAcceptable,
        SipCallEndCause.Rejected => CallEndReason.Refused,
        SipCallEndCause.Faulted => CallEndReason.InternalError,
        SipCallEndCause.EndpointClosed => CallEndReason.ShuttingDown,
        SipCallEndCause.LocalBye => CallEndReason.OperatorHungUp,
        _ => CallEndReason.SignallingFailed,
    };

    private void EndBecauseOf(CallEndReason reason, Exception? fault)
    {
        if (fault is not null) _fault ??= fault;
        End(reason, fault?.Message);
    }

    private async Task FirstOfAsync(Task task, TimeSpan patience) =>
        await Task.WhenAny(task, _ended.Task, Task.Delay(patience, _services.Time)).ConfigureAwait(false);

    private async Task<CallEndReason> FirstOfAsync(Task<CallEndReason> task, TimeSpan patience, CallEndReason otherwise)
    {
        using var stop = new CancellationTokenSource();
        var timer = Task.Delay(patience, _services.Time, stop.Token);
        var first = await Task.WhenAny(task, timer).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        return first == task ? await task.ConfigureAwait(false) : otherwise;
    }

    private PlayoutStatistics PlayoutStatistics()
    {
        var playout = _audio.Leg.Playout;
        return new(playout.QueuedSamples / 8000.0, _audio.Underruns, playout.DroppedSamples / 8000.0, _audio.LateChunks, _audio.Leg.FilledSamples / 8000.0);
    }

    [LoggerMessage(101, LogLevel.Information, "Call started ({Direction}), agent {Agent}")]
    private partial void LogStarted(CallDirection direction, string agent);

    [LoggerMessage(102, LogLevel.Trace, "Caller {Caller}, called {Called}")]
    private partial void LogPartiesSensitive(string caller, string called);

    [LoggerMessage(103, LogLevel.Information, "Call ended: {Reason} after {Seconds:F1} s {Detail}")]
    private partial void LogEnded(string reason, double seconds, string? detail);

    [LoggerMessage(104, LogLevel.Warning, "No Live session: {Failure}")]
    private partial void LogLiveUnavailable(string failure);

    [LoggerMessage(105, LogLevel.Error, "A defect ended the call")]
    private partial void LogFault(Exception exception);
}
