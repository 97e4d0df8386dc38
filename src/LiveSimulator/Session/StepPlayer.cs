using System.Text.Json;
using System.Text.RegularExpressions;

namespace VoiceGateway.LiveSimulator;

/// <summary>Plays a reply's steps.</summary>
internal sealed class StepPlayer(SessionContext context, ScenarioPlace place, Match? textMatch, CancellationToken cancelled)
{
    private readonly Speaker _speaker = new(context, cancelled);

    /// <summary>Where the scenario goes on after this reply.</summary>
    public ScenarioPlace Place { get; private set; } = place;

    /// <summary>The caller has heard something, or a function has been carried out: the reply cannot be taken back.</summary>
    public bool CannotBeTakenBack => _speaker.HasSpoken || _hasResults;

    /// <summary>The client has been sent something.</summary>
    public bool HasSent => _speaker.HasSpoken || _hasCalled;

    private bool _hasResults;
    private bool _hasCalled;

    private ScenarioFacts Facts => new(DateOnly.FromDateTime(context.Time.GetLocalNow().DateTime), Place.Results, textMatch);

    /// <returns>False: the rest of the reply is dropped.</returns>
    public async Task<bool> PlayAsync(IReadOnlyList<ScenarioStep> steps)
    {
        foreach (var step in steps)
        {
            cancelled.ThrowIfCancellationRequested();
            var goOn = step switch
            {
                SayStep say => await SayAsync(say),
                WaitStep wait => await WaitAsync(wait.Duration),
                CallToolsStep call => await CallToolsAsync(call),
                BranchStep branch => await PlayAsync(Choose(branch)),
                GoToStep goTo => GoTo(goTo.TurnId),
                _ => throw new InvalidOperationException($"No way to play {step}."),
            };
            if (!goOn)
                return false;
        }

        return true;
    }

    private async Task<bool> SayAsync(SayStep say)
    {
        await _speaker.SpeakAsync(say.Text is null ? null : Placeholders.Fill(say.Text, Facts), say.Audio);
        return true;
    }

    private async Task<bool> WaitAsync(TimeSpan duration)
    {
        await Task.Delay(duration, context.Time, cancelled);
        return true;
    }

    private bool GoTo(string turnId)
    {
        for (var i = 0; i < context.Scenario.Turns.Count; i++)
        {
            if (context.Scenario.Turns[i].Id == turnId)
                Place = Place with { Turn = i };
        }

        return true;
    }

    private async Task<bool> CallToolsAsync(CallToolsStep step)
    {
        var wanted = step.Calls.Where(call => context.Tools.ContainsKey(call.Name)).ToList();
        if (wanted.Count < step.Calls.Count && !step.Optional)
        {
            await PlayAsync(step.Fallback);
            return false;
        }

        if (wanted.Count == 0)
            return true;
        var facts = Facts;
        List<OpenToolCall> calls = [.. wanted.Select(call => new OpenToolCall(
            $"function-call-{context.Random.NextInt64(1_000_000_000, long.MaxValue)}", call.Name, Placeholders.Fill(call.Args, facts), call.Result))];
        var results = await AskAsync(calls);
        _hasResults = true;
        foreach (var result in results)
            Place = Place with { Results = Place.Results.SetItem(result.Call.Result, result.Response) };
        return await AbsorbAsync(results);
    }

    private async Task<IReadOnlyList<ToolResult>> AskAsync(List<OpenToolCall> calls)
    {
        cancelled.ThrowIfCancellationRequested();
        var answered = context.ToolDesk.Open(calls);
        foreach (var call in calls)
            context.Session.NoteToolCall(call.Id, call.Name, call.Args);
        _hasCalled = true;
        await context.Outbox.SendAsync(json => ServerMessages.ToolCall(json, calls, withIds: !context.Scenario.Wire.OmitToolCallIds));
        return await answered.WaitAsync(cancelled);
    }

    /// <summary>What the model does about results depends on <c>scheduling</c>, which only counts for functions that do not block.</summary>
    private async Task<bool> AbsorbAsync(IReadOnlyList<ToolResult> results)
    {
        var free = results.Where(result => context.Tools.GetValueOrDefault(result.Call.Name) == ToolBehavior.NonBlocking).ToList();
        if (free.Count < results.Count)
            return true;
        if (free.TrueForAll(static result => result.Scheduling == "SILENT"))
            return false;
        if (free.Exists(static result => result.Scheduling == "INTERRUPT"))
            await CutOffAsync();
        else
            await context.Playback.WaitUntilSilentAsync(cancelled);
        return true;
    }

    private async Task CutOffAsync()
    {
        if (!context.Playback.IsPlaying)
            return;
        context.Playback.Stop();
        context.Session.Note(SessionEventKind.Interrupted);
        await context.Outbox.SendAsync(static json => ServerMessages.Content(json, "interrupted"));
    }

    private IReadOnlyList<ScenarioStep> Choose(BranchStep branch)
    {
        Place.Results.TryGetValue(branch.Result, out var response);
        return branch.Cases.FirstOrDefault(each => Holds(each, response))?.Steps ?? [];
    }

    private static bool Holds(BranchCase branchCase, JsonElement response)
    {
        if (branchCase.Path is null)
            return true;
        var value = response.ValueKind == JsonValueKind.Undefined ? default : ResultPath.Find(response, branchCase.Path);
        return branchCase.EqualTo is { } expected
            ? ResultPath.AreEqual(value, expected)
            : branchCase.Exists == value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
    }
}
