using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>Plays a reply's steps.</summary>
internal sealed class StepPlayer(SessionContext context, ReplyPlan plan, Transcriber transcriber, CancellationToken cancelled)
{
    private readonly Speaker _speaker = new(context, transcriber, mayStall: !plan.Nudged, cancelled);
    private readonly HashSet<ScenarioStep> _played = new(plan.Played, ReferenceEqualityComparer.Instance);

    /// <summary>Where the scenario goes on after this reply.</summary>
    public ScenarioPlace Place { get; private set; } = plan.Place;

    /// <summary>The steps that need not be played again if the reply is broken off here.</summary>
    public IReadOnlySet<ScenarioStep> Played => _played;

    public IReadOnlySet<ScenarioStep> PlayedButTheLastSentence => new HashSet<ScenarioStep>(_played.Where(step => step != _lastSentence), ReferenceEqualityComparer.Instance);

    /// <summary>What kept the reply from its end.</summary>
    public Fault.Stall? Stall { get; private set; }

    /// <summary>The caller has heard something, or a function has been carried out: the reply cannot be taken back.</summary>
    public bool CannotBeTakenBack => _speaker.HasSpoken || _hasResults;

    /// <summary>The client has been sent something.</summary>
    public bool HasSent => _speaker.HasSpoken || _hasCalled;

    private ScenarioStep? _lastSentence;
    private bool _hasResults;
    private bool _hasCalled;

    private ScenarioFacts Facts => new(DateOnly.FromDateTime(context.Time.GetLocalNow().DateTime), Place.Results, plan.TextMatch);

    /// <returns>False: the rest of the reply is dropped.</returns>
    public async Task<bool> PlayAsync(IReadOnlyList<ScenarioStep> steps)
    {
        foreach (var step in steps)
        {
            cancelled.ThrowIfCancellationRequested();
            if (_played.Contains(step))
                continue;
            var goOn = step switch
            {
                SayStep say => await SayAsync(say),
                WaitStep wait => await WaitAsync(wait.Duration),
                CallToolsStep call => await CallToolsAsync(call),
                BranchStep branch => await PlayAsync(Choose(branch)),
                GoToStep goTo => GoTo(goTo.TurnId),
                FaultStep fault => await InjectAsync(fault),
                _ => throw new InvalidOperationException($"No way to play {step}."),
            };
            if (!goOn)
                return false;
            if (step is not BranchStep)
                _played.Add(step);
        }

        return true;
    }

    private async Task<bool> SayAsync(SayStep say)
    {
        _lastSentence = say;
        Stall = await _speaker.SpeakAsync(say.Text is null ? null : Placeholders.Fill(say.Text, Facts), say.Audio);
        return Stall is null;
    }

    private async Task<bool> InjectAsync(FaultStep step)
    {
        // Before it happens: what is said again after it must not bring it again.
        _played.Add(step);
        // Some faults stop this reply, and are done only after that.
        await context.Session.InjectAsync(step.Fault).WaitAsync(cancelled);
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
        foreach (var call in wanted.ToList().Where(call => context.Told.ContainsKey(call.Name)))
        {
            wanted.Remove(call);
            Keep(call.Result, context.Told[call.Name]);
        }

        List<OpenToolCall> calls = [.. wanted.Select(call => new OpenToolCall(
            OpenToolCall.NewId(context.Random), call.Name, Placeholders.Fill(call.Args, facts), call.Result))];
        if (calls.Count == 0)
            return true;
        var results = await AskAsync(calls);
        foreach (var result in results)
            Keep(result.Call.Result, result.Response);
        _played.Add(step);
        if (context.Faults.ForThisReply<Fault.LateCancellation>() is { } late)
            await CancelLateAsync(calls, late.After);
        if (!plan.Nudged && context.Faults.ForThisReply<Fault.DeafAfterTool>() is { } deaf)
        {
            Stall = deaf;
            return false;
        }

        return await AbsorbAsync(results);
    }

    private void Keep(string name, JsonElement response)
    {
        _hasResults = true;
        Place = Place with { Results = Place.Results.SetItem(name, response) };
    }

    private async Task CancelLateAsync(List<OpenToolCall> calls, TimeSpan after)
    {
        await Task.Delay(after, context.Time, cancelled);
        List<string> ids = [.. calls.Select(static call => call.Id)];
        foreach (var id in ids)
            context.Session.NoteToolCancelled(id);
        await context.Outbox.SendAsync(json => ServerMessages.ToolCallCancellation(json, ids));
    }

    private async Task<IReadOnlyList<ToolResult>> AskAsync(List<OpenToolCall> calls)
    {
        cancelled.ThrowIfCancellationRequested();
        var answered = context.ToolDesk.Open(calls);
        foreach (var call in calls)
            context.Session.NoteToolCall(call.Id, call.Name, call.Args);
        _hasCalled = true;
        var withIds = !context.Scenario.Wire.OmitToolCallIds && context.Faults.ForThisReply<Fault.MissingIds>() is null;
        context.IdsOmitted |= !withIds;
        await context.Outbox.SendAsync(json => ServerMessages.ToolCall(json, calls, withIds));
        if (context.Faults.ForThisReply<Fault.DuplicateToolCall>() is { } twice)
        {
            await Task.Delay(twice.After, context.Time, cancelled);
            await context.Outbox.SendAsync(json => ServerMessages.ToolCall(json, calls, withIds));
        }

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
