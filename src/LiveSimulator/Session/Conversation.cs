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
internal sealed partial class Conversation(SessionContext context, ScenarioPlace place, Channel<CallerEvent> events, SessionFaults faults)
{
    private readonly Queue<string?> _waitingTurns = new();
    private readonly SpeechFaults _speech = new(context, events.Writer);
    private ScenarioPlace _place = place;
    private Reply? _reply;
    private Stalled? _stall;
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
            if ((_reply?.Rest ?? _stall?.Rest) is { } rest && context.Session.Thread.CurrentId == context.Session.Id)
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
        if (_speech.Started(isInterruption: _reply is { IsNoticeable: true } || context.Playback.IsPlaying))
            await InterruptAsync();
    }

    private async Task HearEndAsync()
    {
        context.Session.Note(SessionEventKind.SpeechEnded);
        if (context.Terms.VoiceActivitySignals)
            await context.Outbox.SendAsync(static json => ServerMessages.VoiceActivity(json, started: false));
        await TakeSpokenTurnAsync();
    }

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
        context.Told.Clear();
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
