namespace VoiceGateway.LiveSimulator;

/// <summary>What the parts of one session share.</summary>
internal sealed class SessionContext(SimulatedSession session, SetupTerms terms, Scenario scenario, Outbox outbox, ResumptionShelf shelf, TimeProvider time)
{
    public SimulatedSession Session => session;

    public SetupTerms Terms => terms;

    public Scenario Scenario => scenario;

    public Outbox Outbox => outbox;

    public ResumptionShelf Shelf => shelf;

    public TimeProvider Time => time;

    /// <summary>The functions declared now; <c>contextUpdate</c> replaces them.</summary>
    public IReadOnlyDictionary<string, ToolBehavior> Tools { get; set; } = terms.Tools;

    public PlaybackClock Playback { get; } = new(time);

    public ToolDesk ToolDesk { get; } = new();

    public UsageMeter Usage { get; } = new(session, terms.PromptTextTokens);

    /// <summary>Used by one reply at a time.</summary>
    public Random Random { get; } = scenario.Delivery.Seed is { } seed ? new Random(seed) : new Random();

    /// <summary>How many client messages have been taken in, <c>setup</c> included.</summary>
    public long ClientMessages { get; set; }

    public async Task EndTurnAsync()
    {
        session.Note(SessionEventKind.TurnComplete);
        await outbox.SendAsync(static json => ServerMessages.Content(json, "turnComplete"));
        if (scenario.Wire.Sprinkle)
            await outbox.SendAsync(static json => ServerMessages.Content(json, "waitingForInput"));
        var usage = Usage.TurnEnded();
        await outbox.SendAsync(json => ServerMessages.Usage(json, usage));
    }

    /// <param name="place">Null: not resumable now.</param>
    public Task UpdateResumptionAsync(ScenarioPlace? place)
    {
        if (!terms.Resumption)
            return Task.CompletedTask;
        var handle = place is null ? null : shelf.Leave(session, place);
        long? consumed = terms.TransparentResumption ? ClientMessages - 1 : null;
        return outbox.SendAsync(json => ServerMessages.SessionResumptionUpdate(json, handle, consumed));
    }
}
