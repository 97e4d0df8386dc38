using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// Decides, event by event, what the simulated model does. One loop owns all of it; the only thing that runs beside it is the
/// current <see cref="Reply"/>, which has ended for certain before an interruption of it is announced.
/// </summary>
/// <code>
/// receive loop --(speech, texts, tool answers)--> events --> Conversation --starts, cancels--> Reply --> Outbox
/// </code>
internal sealed class Conversation(SessionContext context, ScenarioPlace place, Channel<CallerEvent> events)
{
    private readonly Queue<string?> _waitingTurns = new();
    private ScenarioPlace _place = place;
    private Reply? _reply;
    private int _transcribedTurn = -1;
    private volatile bool _isReady;

    /// <summary><c>setupComplete</c> is on its way: the client may send.</summary>
    public bool IsReady => _isReady;

    public async Task RunAsync()
    {
        try
        {
            await Task.Delay(context.Scenario.Wire.SetupTime, context.Time, context.Outbox.Gone);
            _isReady = true;
            context.Session.Note(SessionEventKind.SetupComplete);
            await context.Outbox.SendAsync(json => ServerMessages.SetupComplete(json, context.Scenario.Wire.Sprinkle ? context.Session.Id : null));
            await context.UpdateResumptionAsync(_place);
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
        CallerEvent.ReplyEnded ended => EndReplyAsync(ended.Reply),
        _ => throw new InvalidOperationException($"No way to handle {happened}."),
    };

    private async Task HearStartAsync()
    {
        context.Session.Note(SessionEventKind.SpeechStarted);
        if (context.Terms.VoiceActivitySignals)
            await context.Outbox.SendAsync(static json => ServerMessages.VoiceActivity(json, started: true));
        if (!context.Terms.NoInterruption)
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
        await InterruptAsync();
        if (!_place.Greeted && context.Scenario.Greeting.Count > 0)
        {
            StartReply(_place with { Greeted = true }, context.Scenario.Greeting, callerSaid: null, textMatch: null);
            return;
        }

        foreach (var rule in context.Scenario.TextRules)
        {
            if (rule.Pattern.Match(text) is not { Success: true } match)
                continue;
            StartReply(_place with { Greeted = true }, rule.Steps, callerSaid: null, match);
            return;
        }

        StartTurn(spoken: false);
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
            var behind = turns.Count(static turn => turn.Text("role") != "model") - (asked ? 1 : 0);
            _place = _place with { Greeted = true, Turn = _place.Turn + Math.Max(behind, 0) };
            // Initial history is never answered (historyConfig).
            if (!asked)
                return;
        }

        if (complete)
            await AnswerTextAsync(string.Join(' ', turns.LastOrDefault().List("parts").Select(static part => part.Text("text")).OfType<string>()));
    }

    private async Task TakeSpokenTurnAsync()
    {
        if (MustWait(typed: null))
            return;
        await InterruptAsync();
        StartTurn(spoken: true);
    }

    /// <summary>Without interruptions (activityHandling) a turn that is taken while the model replies waits for the reply's end.</summary>
    private bool MustWait(string? typed)
    {
        if (!context.Terms.NoInterruption || _reply is null)
            return false;
        _waitingTurns.Enqueue(typed);
        return true;
    }

    private void StartTurn(bool spoken)
    {
        var turns = context.Scenario.Turns;
        var turn = _place.Turn < turns.Count ? turns[_place.Turn]
            : context.Scenario.Loop ? turns[_place.Turn % turns.Count]
            : context.Scenario.Otherwise;
        // A turn whose reply was taken back has been transcribed before.
        var callerSaid = spoken && _place.Turn != _transcribedTurn ? turn.Caller : null;
        StartReply(_place with { Greeted = true, Turn = _place.Turn + 1 }, turn.Steps, callerSaid, textMatch: null);
    }

    private void StartReply(ScenarioPlace next, IReadOnlyList<ScenarioStep> steps, string? callerSaid, Match? textMatch)
    {
        _reply = new Reply(context, before: _place, next, steps, callerSaid, textMatch);
        _reply.Start(events.Writer);
    }

    /// <summary>Stops what the model is doing and what the caller would still hear, and says so if there was any of either.</summary>
    private async Task InterruptAsync()
    {
        var wasPlaying = context.Playback.IsPlaying;
        var unfinished = false;
        if (_reply is { } reply)
        {
            await reply.CancelAsync();
            unfinished = reply.IsNoticeable;
            Leave(reply);
        }

        context.Playback.Stop();
        await CancelToolsAsync();
        if (!wasPlaying && !unfinished)
            return;
        context.Session.Note(SessionEventKind.Interrupted);
        await context.Outbox.SendAsync(static json => ServerMessages.Content(json, "interrupted"));
        if (unfinished)
            await context.EndTurnAsync();
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
        if (!_waitingTurns.TryDequeue(out var typed))
            return;
        if (typed is null)
            StartTurn(spoken: true);
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
        reply.Dispose();
        if (reply.Fault is { } fault)
            throw new InvalidOperationException("A reply failed.", fault);
    }
}
