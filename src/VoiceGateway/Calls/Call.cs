using System.Diagnostics;
using VoiceGateway.Abstractions;
using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;
using VoiceGateway.Telemetry;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>
/// One telephone call with one agent. <see cref="RunInboundAsync"/> and <see cref="RunOutboundAsync"/> own everything of it,
/// from the first ringing to the last buffer, and have one way out: whatever ends the call first says so to <see cref="End"/>;
/// then all is undone in reverse order.
/// <code>
///   inbound   media port ─▶ 180 ─▶ Live session ─▶ greeting in playout ─▶ 200 ─▶ ACK ─▶ talk ─▶ end
///   outbound  media port ─▶ Live session ─▶ INVITE ─▶ 200 ─▶ ACK ─▶ greeting ─▶ talk ─▶ end
/// </code>
/// </summary>
public sealed partial class Call : ICallControl
{
    private readonly CallServices _services;
    private readonly CallOrigin _origin;
    private readonly ILogger<Call> _log;
    private readonly TaskCompletionSource<CallEndReason> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private readonly TurnTimeline _timeline;
    private readonly HeardLedger _ledger = new();
    private readonly TextAllowance _texts;
    private readonly Goodbye _goodbye;
    private readonly ConversationWatch _watch;
    private readonly CallWatch _watchman;
    private readonly Filler? _filler;
    private readonly CallAudioPath _audio;
    private readonly CallMedia _media;
    private readonly CallAgent _agent;
    private readonly CallRecording _recording;
    private readonly CallKeys _keys;
    private volatile SipCall? _sip;
    private string _sipCallId = "";

    // While the phone rings: how to answer it, for an apology if for nothing else.
    private Func<Task>? _answer;
    private Exception? _fault;
    private string? _endDetail;
    private string? _objection;
    private string? _hangUpReason;
    private TimeSpan? _answeredAfter;
    private TimeSpan? _endedAfter;
    private volatile CallState _state = CallState.Ringing;

    public Call(CallServices services, AgentProfile agent, CallDirection direction, string caller, string called, CallOrigin? origin = null)
    {
        _origin = origin ?? new CallOrigin();
        Id = Guid.CreateVersion7().ToString("N");
        (_services, Agent, Direction, CallerNumber, CalledNumber) = (services, agent, direction, caller, called);
        _log = services.Loggers.CreateLogger<Call>();
        StartedAt = services.Time.GetUtcNow();
        _timeline = new TurnTimeline(services.Time);
        _texts = new TextAllowance(services.Time);
        _goodbye = new Goodbye();
        _filler = FillerOfAgent.For(agent, services.Turns);
        _watch = new ConversationWatch(services.Turns, services.Time, TimeSpan.FromMinutes(services.Calls.MaxDurationMinutes), agent.ProactiveAudio, _filler is not null);
        _audio = new CallAudioPath(_timeline, _ledger, _goodbye, services.BargeIn, services.Metrics, services.Time, _watch, Watched, EndBecauseOf, services.Media.Uplink);
        _keys = new CallKeys(_audio, _timeline, services.Time, _over.Token);
        _media = new CallMedia(services, _audio, _timeline, _watch);
        _recording = new CallRecording(services, Id, _log);
        _agent = new CallAgent(services, agent, Context(), _audio, _ledger, _timeline, _watch);
        _watchman = new CallWatch(_watch, _agent, _audio, _filler, _timeline, services.Metrics, End);
    }

    public string Id { get; }

    /// <summary>Of the dialog that began the call.</summary>
    public string SipCallId => _sipCallId;

    public AgentProfile Agent { get; }

    public CallDirection Direction { get; }

    public string CallerNumber { get; }

    public string CalledNumber { get; }

    public DateTimeOffset StartedAt { get; }

    public CallState State => _state;

    public DateTimeOffset? AnsweredAt => StartedAt + _answeredAfter;

    public string? Codec => _audio.HasLeg ? _audio.Leg.Negotiated?.Codec.EncodingName : null;

    public TurnTimeline Timeline => _timeline;

    /// <summary>The first reason wins. From any thread; returns at once.</summary>
    public void End(CallEndReason reason, string? detail = null)
    {
        if (!_ended.TrySetResult(reason)) return;
        _endDetail ??= detail;
        // Not on this thread: it may be the clock's.
        _ = _over.CancelAsync();
    }

    /// <summary>Runs an incoming call to its end. Never throws.</summary>
    public Task RunInboundAsync(SipCall sip) => RunAsync(() => ConverseInboundAsync(sip));

    /// <summary>Places a call and runs it to its end. Never throws.</summary>
    /// <param name="dial">Places the INVITE with the given negotiator; cancelled when the call ends first.</param>
    /// <param name="path">Our way to the callee; null: there is none.</param>
    /// <param name="trunk">Through whom; null: nobody.</param>
    public Task RunOutboundAsync(Func<ISessionNegotiator, CancellationToken, Task<SipCallResult>> dial, SipPath? path, Trunk? trunk = null) =>
        RunAsync(() => ConverseOutboundAsync(dial, path, trunk));

    /// <inheritdoc/>
    void ICallControl.HangUpAfterPlayout(string reason)
    {
        _hangUpReason = reason;
        _timeline.Mark(TimelineMark.HangUpAsked);
        _goodbye.Ask();
    }

    /// <inheritdoc/>
    Task<TransferOutcome> ICallControl.TransferAsync(TransferRequest request, CancellationToken cancellationToken) => TransferAsync(request, cancellationToken);

    /// <inheritdoc/>
    void ICallControl.Instruct(string instructions, IReadOnlyList<string>? tools) => _agent.Instruct(instructions, tools);

    /// <inheritdoc/>
    public Task<DigitsOutcome> SendDigitsAsync(string digits, CancellationToken cancellationToken) =>
        _state == CallState.Talking ? _keys.SendAsync(digits, cancellationToken) : Task.FromResult(DigitsOutcome.NotSent);

    public CallSnapshot Snapshot() => new()
    {
        Id = Id,
        SipCallId = SipCallId,
        State = _state,
        Direction = Direction,
        Caller = CallerNumber,
        Called = CalledNumber,
        Agent = Agent.Name,
        Model = _agent.Model,
        StartedAt = StartedAt,
        AnsweredAfter = _answeredAfter,
        EndedAfter = _endedAfter,
        EndReason = _ended.Task.IsCompleted ? _ended.Task.GetAwaiter().GetResult() : null,
        EndDetail = _endDetail,
        Codec = Codec,
        Pipeline = _audio.ToString(),
        Recording = _recording.Path,
        Timeline = _timeline.Snapshot(),
        Transcript = _ledger.Snapshot(_audio.HasLeg ? _audio.Leg.Playout.PlayedSamples : 0),
        ToolCalls = _agent.ToolCalls,
        Rtp = _audio.HasLeg ? _audio.Leg.Statistics : null,
        Quality = _audio.Quality,
        Playout = _audio.HasLeg ? _audio.Statistics : null,
        Usage = _agent.Usage.Snapshot(),
        LinkEvents = _agent.Journal.Snapshot(),
        Watch = _watchman.Counters(),
    };

    private async Task RunAsync(Func<Task<CallEndReason>> converse)
    {
        _agent.Journal.Place = SessionPlace;
        using var scope = _log.BeginScope("call {CallId}", Id);
        using var activity = GatewayDiagnostics.Activities.StartActivity("call", Direction == CallDirection.Inbound ? ActivityKind.Server : ActivityKind.Client);
        activity?.SetTag("voicegateway.direction", Direction.ToString()).SetTag("voicegateway.agent", Agent.Name);
        _services.Metrics.CallStarted(SnakeCase.Of(Direction));
        LogStarted(Direction, Agent.Name);
        LogPartiesSensitive(CallerNumber, CalledNumber);
        try
        {
            End(await converse().ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_ended.Task.IsCompleted)
        {
            // It ended on the way up.
        }
        catch (Exception e)
        {
            EndBecauseOf(CallEndReason.InternalError, e);
        }
        var meaning = (await _ended.Task.ConfigureAwait(false)).Meaning();
        await UndoAsync(meaning).ConfigureAwait(false);
        activity?.SetTag("voicegateway.end_reason", meaning.Tag);
        _services.Metrics.CallEnded(meaning.Tag, SnakeCase.Of(meaning.Blame), _endedAfter - _answeredAfter);
        if (_answeredAfter is not null && _audio is { HasLeg: true, Quality: { } quality }) _services.Metrics.CallHeard(quality, _audio.Leg.Statistics);
        LogEnded(meaning.Tag, _endedAfter!.Value.TotalSeconds);
    }

    private async Task<CallEndReason> ConverseInboundAsync(SipCall sip)
    {
        Watch(sip);
        if (_media.TryOpen(sip.LocalAddress, sip.AdvertisedAddress, SrtpTerms.Of(sip)) is not { } negotiator) return CallEndReason.NoMediaPort;
        if (!negotiator.CanAnswer(sip.Invite.Body.Span))
        {
            _endDetail ??= _objection = negotiator.Objection(sip.Invite.Body.Span);
            return CallEndReason.NotAcceptable;
        }

        sip.Ring();
        _timeline.Mark(TimelineMark.Ringing);
        _answer = () => AnswerAsync(sip, negotiator);
        if (await ConnectAgentAsync().ConfigureAwait(false) is { } failed) return failed;
        if (_agent.Greet()) await FirstWordsAsync().ConfigureAwait(false);
        _over.Token.ThrowIfCancellationRequested();
        await AnswerAsync(sip, negotiator).ConfigureAwait(false);
        return await TalkAsync().ConfigureAwait(false);
    }

    private async Task<CallEndReason> ConverseOutboundAsync(Func<ISessionNegotiator, CancellationToken, Task<SipCallResult>> dial, SipPath? path, Trunk? trunk)
    {
        if (path is not { } way) return CallEndReason.SignallingFailed;
        if (_media.TryOpen(way.LocalAddress, way.AdvertisedAddress, SrtpTerms.Of(trunk, way.Transport)) is not { } negotiator) return CallEndReason.NoMediaPort;
        // Nobody shall pick up the phone to hear an apology.
        if (await ConnectAgentAsync().ConfigureAwait(false) is { } failed) return failed;

        _timeline.Mark(TimelineMark.Ringing);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(_services.Calls.OutboundRingSeconds), _services.Time);
        using var ringing = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _over.Token);
        var result = await dial(negotiator, ringing.Token).ConfigureAwait(false);
        if (result.Call is not { } sip)
        {
            _endDetail ??= $"{result.StatusCode} {result.Reason}";
            return patience.IsCancellationRequested || result.StatusCode is 408 or 480 ? CallEndReason.NoAnswer
                : result is { StatusCode: 503, Response: null } ? CallEndReason.SignallingFailed
                : CallEndReason.Refused;
        }
        Watch(sip);
        _timeline.Mark(TimelineMark.Answered);
        Answered();
        _agent.Greet();
        return await TalkAsync().ConfigureAwait(false);
    }

    /// <summary>488, with a word on what is wrong where it is not the codecs (RFC 3261 section 20.43: 302 is about the transport of the media).</summary>
    private static void RejectOffer(SipCall sip, string? objection)
    {
        if (objection is null) sip.Reject(488);
        else sip.Reject(488, null, (SipHeaderNames.Warning, $"302 gateway \"{objection}\""));
    }

    /// <returns>Null: the agent is there.</returns>
    private async Task<CallEndReason?> ConnectAgentAsync()
    {
        if (await _agent.ConnectAsync(_over.Token).ConfigureAwait(false) is { } failure)
        {
            _endDetail ??= failure.ToString();
            LogLiveUnavailable((failure with { Reason = ServerWords.Masked(failure.Reason) }).ToString());
            return CallEndReasons.Of(failure.Kind, talking: false);
        }
        _ = _agent.Completion.ContinueWith((closed, _) => LiveEnded(closed.GetAwaiter().GetResult()), null, TaskScheduler.Default);
        return null;
    }

    private void LiveEnded(LiveLinkEnd end)
    {
        _agent.Journal.Ended();
        if (end.Close?.Kind == LiveCloseKind.Defect) _fault ??= end.Close.Exception;
        End(CallEndReasons.Of(end), end.ToString());
    }

    /// <summary>The phone goes on ringing until the greeting can be heard at once.</summary>
    private async Task FirstWordsAsync()
    {
        var patience = Task.Delay(TimeSpan.FromMilliseconds(_services.Calls.RingForGreetingMs), _services.Time, _over.Token);
        await Task.WhenAny(_audio.FirstModelAudio.Task, patience).ConfigureAwait(false);
    }

    private async Task AnswerAsync(SipCall sip, ISessionNegotiator negotiator)
    {
        _answer = null;
        _timeline.Mark(TimelineMark.Answered);
        if (await sip.AnswerAsync(negotiator).ConfigureAwait(false)) Answered();
        else End(CallEndReasons.Of(await sip.Completion.ConfigureAwait(false)));
    }

    private void Answered()
    {
        _answeredAfter = _timeline.Mark(TimelineMark.Acknowledged);
        _state = CallState.Talking;
        _watch.Answered();
        _audio.Leg.StartPlayout();
        _services.Metrics.CallAnswered(_answeredAfter.Value);
        _recording.Start(_audio);
    }

    private Task<CallEndReason> TalkAsync() => _ended.Task;

    /// <summary>In reverse order of the making: the caller is told, then the agent goes, then media.</summary>
    private async Task UndoAsync(CallEndMeaning meaning)
    {
        if (_fault is not null) LogFault(_fault);
        _state = CallState.Ending;
        try
        {
            if (meaning.Apologise && !await ToHumanAsync().ConfigureAwait(false)) await ApologiseAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogFault(e);
        }
        try
        {
            _timeline.Mark(TimelineMark.Ended);
            _endedAfter = _timeline.Now;
            var hangingUp = HangUpAsync(meaning);
            // Not after the answer to the BYE: a session that hears zeros costs, and may still act.
            await _agent.DisposeAsync().ConfigureAwait(false);
            // Nobody listens any more: the ports need not wait for the answer to the BYE, which takes 32 s from a peer that has gone.
            _audio.Dispose();
            await hangingUp.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogFault(e);
        }
        finally
        {
            _endedAfter ??= _timeline.Now;
            _audio.Dispose();
            await _recording.DisposeAsync().ConfigureAwait(false);
            _state = CallState.Ended;
        }
    }

    private async Task ApologiseAsync()
    {
        // The words that are owed can be heard only after an answer.
        if (_answer is { } answer && _services.Calls.WhenLiveUnavailable == WhenLiveUnavailable.Apologise) await answer().ConfigureAwait(false);
        if (_sip is { State: SipCallState.Established } sip) await _audio.ApologiseAsync(Apology.For(Agent), sip.Completion).ConfigureAwait(false);
    }

    private async Task HangUpAsync(CallEndMeaning meaning)
    {
        SipCall? current;
        lock (_dialogs) current = _sip;
        if (current is { Completion.IsCompleted: false } sip)
        {
            if (sip is not { IsIncoming: true, State: SipCallState.Proceeding or SipCallState.Ringing }) await sip.HangUpAsync(meaning.ReasonHeader).ConfigureAwait(false);
            else if (_objection is not null) RejectOffer(sip, _objection);
            else meaning.Reject(sip);
            await sip.Completion.ConfigureAwait(false);
        }
        // Another dialog may be on its way up, or down.
        if (_movingOn is { } movingOn) await movingOn.ConfigureAwait(false);
    }

    private void Watch(SipCall sip)
    {
        if (_sip != sip) GoesBy?.Invoke(sip);
        _sip = sip;
        if (_sipCallId.Length == 0) _sipCallId = sip.CallId;
        _ = sip.Completion.ContinueWith((ended, _) => DialogEnded(sip, ended.GetAwaiter().GetResult()), null, TaskScheduler.Default);
    }

    /// <summary>A key that came by INFO. From any thread.</summary>
    internal void OnInfoDigit(char digit) => _audio.OnInfoDigit(digit);

    /// <summary>Words that the caller typed. From any thread.</summary>
    /// <returns>False: there is nobody to say them to, or they come faster than a person types.</returns>
    internal bool Say(string text)
    {
        if (_state != CallState.Talking) return false;
        // Only the gateway speaks for the gateway.
        while (text.StartsWith(SystemNote.Mark.Trim(), StringComparison.OrdinalIgnoreCase)) text = text[SystemNote.Mark.Trim().Length..].Trim();
        if (text.Length == 0) return true;
        if (!_texts.TryTake()) return false;
        _ledger.CallerText($" {text}", finished: true, _timeline.Now);
        _watch.Digit();
        _agent.Tell(text);
        _watch.Nudged();
        return true;
    }

    private void EndBecauseOf(CallEndReason reason, Exception? fault)
    {
        _fault ??= fault;
        End(reason, reason == CallEndReason.AgentHungUp ? _hangUpReason : fault?.Message);
    }

    private void Watched(WatchAction action) => _watchman.Do(action);

    private CallContext Context() => new()
    {
        CallId = Id,
        CallerNumber = CallerNumber,
        CalledNumber = CalledNumber,
        CallerName = _origin.CallerName ?? "",
        AssertedNumber = _origin.AssertedNumber ?? "",
        DivertedFrom = _origin.DivertedFrom ?? "",
        Trunk = _origin.Trunk,
        Headers = _origin.Headers,
        AgentName = Agent.Name,
        StartedAt = StartedAt,
        Control = this,
    };

    [LoggerMessage(101, LogLevel.Information, "Call started ({Direction}), agent {Agent}")]
    private partial void LogStarted(CallDirection direction, string agent);

    [LoggerMessage(102, LogLevel.Trace, "Caller {Caller}, called {Called}")]
    private partial void LogPartiesSensitive(string caller, string called);

    [LoggerMessage(103, LogLevel.Information, "Call ended: {Reason} after {Seconds:F1} s")]
    private partial void LogEnded(string reason, double seconds);

    [LoggerMessage(104, LogLevel.Warning, "No Live session: {Failure}")]
    private partial void LogLiveUnavailable(string failure);

    [LoggerMessage(105, LogLevel.Error, "A defect ended the call")]
    private partial void LogFault(Exception exception);
}
