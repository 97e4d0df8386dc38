using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// Decides, event by event, what the simulated model does. One loop owns all of it; the only thing that runs beside it is the
/// current <see cref="Reply"/>, which has ended for certain before an interruption of it is announced.
/// </summary>
/// <code>
/// receive loop --(speech, texts, tool answers)--> events --> Conversation --starts, cancels--> Reply --> Outbox
/// </code>
internal sealed class Conversation(SessionContext context, ScenarioPlace place, Channel<CallerEvent> events, SessionFaults faults)
{
    private readonly Queue<string?> _waitingTurns = new();
    private readonly SpeechFaults _speech = new(context, events.Writer);
    private ScenarioPlace _place = place;
    private Reply? _reply;
    private Stalled? _stall;
    private ImmutableDictionary<string, JsonElement> _told = ImmutableDictionary<string, JsonElement>.Empty;
    private int _transcribedTurn = -1;
    private volatile bool _isReady;

    /// <summary><c>setupComplete</c> is on its way: the client may send.</summary>
    public bool IsReady => _isReady;

    public async Task RunAsync()
    {
        try
        {
            await faults.AtAsync(FaultMomentKind.Setup);
            var slowness = context.Faults.Find<Fault.SlowSetup>()?.By ?? TimeSpan.Zero;
            var never = context.Faults.Find<Fault.NoSetupComplete>() is not null;
            await Task.Delay(never ? Timeout.InfiniteTimeSpan : context.Scenario.Wire.SetupTime + slowness, context.Time, context.Outbox.Gone);
            _isReady = true;
            context.Session.Note(SessionEventKind.SetupComplete);
            await context.Outbox.SendAsync(json => ServerMessages.SetupComplete(json, context.Scenario.Wire.Sprinkle ? context.Session.Id : null));
            await context.UpdateResumptionAsync(_place);
            faults.StartTimer();
            await foreach (var happened in events.Reader.ReadAllAsync())
                await HandleAsync(happened);
        }
        catch (OperationCanceledException) when (context.Outbox.Gone.IsCancellationRequested)
        {
        }
        finally
        {
            if (_reply is not null)
                await _reply.CancelAsync();
            if ((_reply?.Rest ?? _stall?.Rest) is { } rest && context.Session.Thread.Current == context.Session)
                context.Session.Thread.Unfinished = rest;
            _reply?.Dispose();
        }
    }

    private Task HandleAsync(CallerEvent happened) => happened switch
    {
        CallerEvent.SpeechStarted => HearStartAsync(),
        CallerEvent.SpeechEnded => HearEndAsync(),
        CallerEvent.TextTyped typed => ReadTextAsync(typed.Text),
        CallerEvent.ContentSent sent => ReadContentAsync(sent.Content),
        CallerEvent.ToolsAnswered answered => TakeToolAnswersAsync(answered.ToolResponse),
        CallerEvent.FaultDue due => SufferAsync(due),
        CallerEvent.InterruptionNoticed noticed => _speech.IsUnnoticed(noticed.Number) ? InterruptAsync() : Task.CompletedTask,
        CallerEvent.ReplyEnded ended => EndReplyAsync(ended.Reply),
        _ => throw new InvalidOperationException($"No way to handle {happened}."),
    };

    private async Task HearStartAsync()
    {
        context.Session.Note(SessionEventKind.SpeechStarted);
        if (context.Terms.VoiceActivitySignals)
            await context.Outbox.SendAsync(static json => ServerMessages.VoiceActivity(json, started: true));
        // A stalled model does not notice that somebody speaks.
        if (context.Terms.NoInterruption || IsDeaf)
            return;
        if (_speech.Started(isInterruption: _reply is not null || context.Playback.IsPlaying))
            await InterruptAsync();
    }

    private async Task HearEndAsync()
    {
        context.Session.Note(SessionEventKind.SpeechEnded);
        if (context.Terms.VoiceActivitySignals)
            await context.Outbox.SendAsync(static json => ServerMessages.VoiceActivity(json, started: false));
        await TakeSpokenTurnAsync();
    }

    /// <summary>A typed text: the nudge that makes the model greet, a DTMF digit, or simply a turn.</summary>
    private async Task ReadTextAsync(string text)
    {
        context.Usage.Read(text);
        if (MustWait(text))
            return;
        await AnswerTextAsync(text);
    }

    private async Task AnswerTextAsync(string text)
    {
        if (_stall is { Until: StallEnd.Reconnect })
            return;
        var plan = AnswerTo(text);
        if (_reply is null && plan is { Nudged: true })
        {
            // The turn that hangs goes on.
            StartReply(plan);
            return;
        }

        // A note that asks for no answer does not interrupt either.
        var orderedToStop = Notes.IsStop(text);
        if (Notes.IsNote(text) && !orderedToStop && plan is null)
            return;
        _speech.Heed();
        await InterruptAsync();
        if (orderedToStop)
            await AnswerWaitingTurnAsync();
        else if (AnswerTo(text) is { } answer)
            StartReply(answer);
    }

    /// <summary>Null: there is nothing to say to it. Notes use up no turn of the caller's.</summary>
    private ReplyPlan? AnswerTo(string text)
    {
        var next = _place with { Greeted = true };
        var rest = _reply is null ? _stall?.Rest ?? context.Session.Thread.Unfinished : null;
        if (_reply is null && ToldResults(text, rest) is { } told)
            return told;
        var isNote = Notes.IsNote(text);
        if (rest is not null && Notes.IsNudge(text))
            return rest with { Nudged = true };
        if (!_place.Greeted && _reply is null && context.Scenario.Greeting.Count > 0 && (!isNote || Notes.MayGreet(text)))
            return new(next, context.Scenario.Greeting);
        foreach (var rule in context.Scenario.TextRules)
        {
            if (rule.Pattern.Match(text) is { Success: true } match)
                return new(next, rule.Steps) { TextMatch = match };
        }

        return isNote ? null : NextTurn();
    }

    /// <summary>A text that tells the results of functions which the reply needs: after a change of connection nobody answers the calls any more.</summary>
    private ReplyPlan? ToldResults(string text, ReplyPlan? rest)
    {
        var results = Notes.Results(text, context.Tools.Keys);
        ReplyPlan?[] plans = results.Count == 0 ? [] : [rest, NextTurn()];
        return plans.FirstOrDefault(plan => plan?.Calls(results.Keys) == true) is { } fitting ? fitting with { Told = results, Nudged = true } : null;
    }

    private async Task ReadContentAsync(JsonElement content)
    {
        var turns = content.List("turns").ToList();
        foreach (var text in turns.SelectMany(static turn => turn.List("parts")).Select(static part => part.Text("text")))
            context.Usage.Read(text ?? "");

        var complete = content.Flag("turnComplete");
        var isHistory = turns.Exists(static turn => turn.Text("role") == "model") || (context.Terms.InitialHistory && !_place.Greeted);
        if (isHistory)
        {
            // A conversation that was begun elsewhere goes on here: what the caller has said in it is behind us.
            var asked = complete && !context.Terms.InitialHistory && turns.Count > 0 && turns[^1].Text("role") != "model";
            var behind = turns.Count(static turn => turn.Text("role") != "model" && !Notes.IsNote(WordsOf(turn))) - (asked ? 1 : 0);
            _place = _place with { Greeted = true, Turn = _place.Turn + Math.Max(behind, 0) };
            // Initial history is never answered (historyConfig).
            if (!asked)
                return;
        }

        if (!complete)
            Remember(turns.Select(WordsOf).Where(Notes.IsNote));
        else
            await AnswerTextAsync(WordsOf(turns.LastOrDefault()));
    }

    /// <summary>Results that are told and not to be answered: the caller's turn that needs them is still to come.</summary>
    private void Remember(IEnumerable<string> notes)
    {
        foreach (var (function, result) in notes.SelectMany(note => Notes.Results(note, context.Tools.Keys)))
            _told = _told.SetItem(function, result);
    }

    private static string WordsOf(JsonElement turn) => string.Join(' ', turn.List("parts").Select(static part => part.Text("text")).OfType<string>());

    private async Task TakeSpokenTurnAsync()
    {
        if (IsDeaf || MustWait(typed: null))
            return;
        await _speech.NoticedAsync();
        await InterruptAsync();
        StartSpokenTurn();
    }

    /// <summary>Spoken turns end no stall of that kind.</summary>
    private bool IsDeaf => _stall is { Until: not StallEnd.NextTurn };

    /// <summary>Without interruptions (activityHandling) a turn that is taken while the model replies waits for the reply's end.</summary>
    private bool MustWait(string? typed)
    {
        var talksOn = context.Terms.NoInterruption || (typed is null && _speech.IsTalkedOver);
        if (!talksOn || _reply is null)
            return false;
        _waitingTurns.Enqueue(typed);
        return true;
    }

    private void StartSpokenTurn()
    {
        faults.AtTurn(_place.Turn + 1);
        var turn = NextTurn();
        if (turn.Calls(_told.Keys))
            (turn, _told) = (turn with { Told = _told }, _told.Clear());
        // A turn whose reply was taken back has been transcribed before.
        StartReply(_place.Turn == _transcribedTurn ? turn with { CallerSaid = null } : turn);
    }

    private ReplyPlan NextTurn()
    {
        var turns = context.Scenario.Turns;
        var turn = _place.Turn < turns.Count ? turns[_place.Turn]
            : context.Scenario.Loop ? turns[_place.Turn % turns.Count]
            : context.Scenario.Otherwise;
        return new(_place with { Greeted = true, Turn = _place.Turn + 1 }, turn.Steps) { CallerSaid = turn.Caller };
    }

    private void StartReply(ReplyPlan plan)
    {
        (_stall, context.Session.Thread.Unfinished) = (null, null);
        _reply = new Reply(context, before: _place, plan);
        _reply.Start(events.Writer);
    }

    /// <summary>Stops what the model is doing and what the caller would still hear, and says so if there was any of either.</summary>
    private async Task InterruptAsync()
    {
        var wasPlaying = context.Playback.IsPlaying;
        var unfinished = await StopReplyAsync();
        context.Playback.Stop();
        await CancelToolsAsync();
        if (wasPlaying || unfinished)
            await AnnounceAsync(unfinished, silently: _speech.MustNotBeAnnounced());
    }

    /// <returns>Whether the client waits for the end of a turn.</returns>
    private async Task<bool> StopReplyAsync()
    {
        var unfinished = _stall is { TurnOpen: true };
        if (unfinished)
            _stall = _stall! with { TurnOpen = false };
        if (_reply is not { } reply)
            return unfinished;
        await reply.CancelAsync();
        unfinished = reply.IsNoticeable;
        Leave(reply);
        if (_stall is not null)
            _stall = _stall with { TurnOpen = false };
        return unfinished;
    }

    private async Task AnnounceAsync(bool unfinished, bool silently = false)
    {
        if (silently)
        {
            if (unfinished)
                await context.EndTurnAsync();
            return;
        }

        context.Session.Note(SessionEventKind.Interrupted);
        if (unfinished)
            await context.EndTurnAsync("interrupted");
        else
            await context.Outbox.SendAsync(static json => ServerMessages.Content(json, "interrupted"));
    }

    /// <summary>The faults that a conversation must know of.</summary>
    private async Task SufferAsync(CallerEvent.FaultDue due)
    {
        switch (due.Fault)
        {
            case Fault.PhantomInterrupted { GoesOn: true }:
                await AnnounceAsync(unfinished: false);
                break;
            case Fault.PhantomInterrupted:
                await BreakOffAsync(announced: true);
                break;
            case Fault.CancelTools:
                await BreakOffAsync(announced: false);
                break;
            case Fault.UnknownFunction unknown:
                await CallUnknownAsync(unknown.Name);
                break;
            default:
                throw new InvalidOperationException($"No way to suffer {due.Fault}.");
        }

        due.Done.TrySetResult(true);
    }

    /// <summary>Stops the reply for no reason of the caller's. A nudge gets the rest.</summary>
    private async Task BreakOffAsync(bool announced)
    {
        if (!announced && !context.ToolDesk.IsWaiting)
            return;
        var reply = _reply;
        var unfinished = await StopReplyAsync();
        context.Playback.Stop();
        await CancelToolsAsync();
        if (reply?.Rest is { } rest)
            _stall ??= new Stalled(rest, StallEnd.NextTurn, TurnOpen: false);
        await AnnounceAsync(unfinished, silently: !announced);
    }

    private async Task CallUnknownAsync(string name)
    {
        var call = new OpenToolCall(OpenToolCall.NewId(Random.Shared), name, EmptyObject.Value, name);
        context.ToolDesk.OpenAside(call);
        context.Session.NoteToolCall(call.Id, name, call.Args);
        await context.Outbox.SendAsync(json => ServerMessages.ToolCall(json, [call], withIds: true));
    }

    private async Task CancelToolsAsync()
    {
        var ids = context.ToolDesk.CancelAll();
        if (ids.Count == 0)
            return;
        foreach (var id in ids)
            context.Session.NoteToolCancelled(id);
        await context.Outbox.SendAsync(json => ServerMessages.ToolCallCancellation(json, ids));
    }

    private async Task TakeToolAnswersAsync(JsonElement toolResponse)
    {
        foreach (var each in toolResponse.List("functionResponses"))
        {
            each.TryGet("response", out var response);
            var answer = context.ToolDesk.Answer(
                each.Text("id"), each.Text("name"), response, each.Text("scheduling"), each.Flag("willContinue"), out var id);
            if (answer == ToolAnswer.Unknown)
            {
                await context.Outbox.CloseAsync(1008, "Requested entity was not found.");
                return;
            }

            if (response.ValueKind != JsonValueKind.Undefined)
                context.Usage.Read(response.GetRawText());
            if (answer != ToolAnswer.Partial)
                context.Session.NoteToolResponse(id!, response, each.Text("scheduling"), late: answer == ToolAnswer.Late);
        }
    }

    private async Task EndReplyAsync(Reply reply)
    {
        // A cancelled reply has been dealt with already.
        if (reply != _reply)
            return;
        Leave(reply);
        await AnswerWaitingTurnAsync();
    }

    private async Task AnswerWaitingTurnAsync()
    {
        if (!_waitingTurns.TryDequeue(out var typed))
            return;
        if (typed is null)
            StartSpokenTurn();
        else
            await AnswerTextAsync(typed);
    }

    private void Leave(Reply reply)
    {
        _place = reply.PlaceNow;
        if (!ReferenceEquals(_place, reply.Before))
            _transcribedTurn = -1;
        else if (reply.CallerTranscribed)
            _transcribedTurn = _place.Turn;
        _reply = null;
        _stall = reply.Stall;
        reply.Dispose();
        if (reply.Failure is { } fault)
            throw new InvalidOperationException("A reply failed.", fault);
    }
}
