using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <content>What is typed: turns, keys, notes, nudges, history.</content>
internal sealed partial class Conversation
{
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
        var isNote = Notes.IsNote(text);
        var rest = _reply is null ? _stall?.Rest ?? context.Session.Thread.Unfinished : null;
        if (isNote && LearnResults(text))
        {
            // After a change of connection nobody answers the calls any more: the reply that needs the results is given.
            ReplyPlan?[] plans = _reply is null ? [rest, NextTurn()] : [];
            return plans.FirstOrDefault(plan => plan?.Calls(context.Told.Keys) == true) is { } fitting ? fitting with { Nudged = true } : null;
        }

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

    /// <summary>Keeps the results that a text tells, for the reply that runs or the next one.</summary>
    /// <returns>Whether it tells any.</returns>
    private bool LearnResults(string text)
    {
        var results = Notes.Results(text, context.Tools.Keys);
        foreach (var (function, result) in results)
            context.Told[function] = result;
        return results.Count > 0;
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

        if (complete)
        {
            await AnswerTextAsync(WordsOf(turns.LastOrDefault()));
            return;
        }

        // The caller's turn that needs what is told here is still to come.
        foreach (var note in turns.Select(WordsOf).Where(Notes.IsNote))
            LearnResults(note);
    }

    private static string WordsOf(JsonElement turn) => string.Join(' ', turn.List("parts").Select(static part => part.Text("text")).OfType<string>());
}
