using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

/// <summary>A conversation in fake time: every 20 ms a tick, and what it asked for with its moment.</summary>
internal sealed class WatchRun
{
    private readonly SettableTime _time = new();

    public WatchRun(TurnOptions? options = null, TimeSpan maxDuration = default, bool silenceMayBeMeant = false, bool answered = true)
    {
        Options = options ?? new TurnOptions();
        Watch = new ConversationWatch(Options, _time, maxDuration, silenceMayBeMeant);
        if (answered) Watch.Answered();
    }

    public TurnOptions Options { get; }

    public ConversationWatch Watch { get; }

    public List<(double Seconds, WatchAction Action)> Asked { get; } = [];

    public WatchAction[] Actions => [.. Asked.Select(static a => a.Action)];

    public double Seconds { get; private set; }

    /// <summary>Lets time pass; what is asked for stays unanswered.</summary>
    public WatchRun Wait(double seconds, bool agentAudible = false)
    {
        for (var ticks = (int)Math.Round(seconds * 50); ticks > 0; ticks--) Tick(agentAudible);
        return this;
    }

    /// <summary>Until it asks for something.</summary>
    public WatchAction Next(double within, bool agentAudible = false)
    {
        for (var ticks = (int)Math.Round(within * 50); ticks > 0; ticks--)
            if (Tick(agentAudible) is var action and not WatchAction.None) return action;
        return WatchAction.None;
    }

    public WatchAction Tick(bool agentAudible = false)
    {
        _time.Advance(20);
        Seconds += 0.02;
        var action = Watch.Tick(agentAudible);
        if (action != WatchAction.None) Asked.Add((Seconds, action));
        return action;
    }

    /// <summary>Time passes without a tick: the machine stood still.</summary>
    public void StandStill(double seconds)
    {
        _time.Advance(seconds * 1000);
        Seconds += seconds;
    }

    public WatchRun CallerSays(double seconds = 1, bool agentAudible = false)
    {
        Watch.CallerStarted();
        Wait(seconds, agentAudible);
        Watch.CallerStopped();
        return this;
    }

    /// <summary>A whole turn of the agent: sent at once, then played.</summary>
    public WatchRun AgentSays(double seconds = 2, string text = "There you are.")
    {
        Watch.ModelAudio();
        Watch.ModelText(text);
        Watch.GenerationComplete();
        Wait(seconds, agentAudible: true);
        Watch.TurnComplete();
        return this;
    }

    /// <summary>Nothing was asked for so far.</summary>
    public void AssertQuiet() => Assert.Empty(Asked);
}
