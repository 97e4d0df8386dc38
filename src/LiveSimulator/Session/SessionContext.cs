using System.Collections.Concurrent;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>What the parts of one session share.</summary>
internal sealed class SessionContext(SimulatedSession session, SetupTerms terms, Scenario scenario, Outbox outbox, ResumptionShelf shelf, TimeProvider time)
{
    public SimulatedSession Session => session;

    public StandingFaults Faults => session.Standing;

    /// <summary>A call without an id has been made: answers need none.</summary>
    public bool IdsOmitted { get; set; } = scenario.Wire.OmitToolCallIds;

    public SetupTerms Terms => terms;

    public Scenario Scenario => scenario;

    public Outbox Outbox => outbox;

    public ResumptionShelf Shelf => shelf;

    public TimeProvider Time => time;

    /// <summary>The functions declared now; <c>contextUpdate</c> replaces them.</summary>
    public IReadOnlyDictionary<string, ToolBehavior> Tools { get; set; } = terms.Tools;

    /// <summary>Results that the client told in words, by function: the reply that runs or comes next does not call these.</summary>
    public ConcurrentDictionary<string, JsonElement> Told { get; } = new(StringComparer.Ordinal);

    public PlaybackClock Playback { get; } = new(time);

    public ToolDesk ToolDesk { get; } = new();

    public UsageMeter Usage { get; } = new(session, terms.PromptTextTokens);

    /// <summary>Used by one reply at a time.</summary>
    public Random Random { get; } = scenario.Delivery.Seed is { } seed ? new Random(seed) : new Random();

    /// <summary>How many client messages have been taken in, <c>setup</c> included.</summary>
    public long ClientMessages { get; set; }

    /// <param name="flag"><c>interrupted</c> or <c>generationComplete</c>, which comes before the turn's end. Null: it has been sent.</param>
    public async Task EndTurnAsync(string? flag = null)
    {
        session.Note(SessionEventKind.TurnComplete);
        var usage = Usage.TurnEnded();
        if (Faults.Take<Fault.TwoFields>() is not null)
        {
            await outbox.SendAsync(json =>
            {
                ServerMessages.Content(json, flag is null ? ["turnComplete"] : [flag, "turnComplete"]);
                ServerMessages.Usage(json, usage);
            });
            return;
        }

        if (flag is not null)
            await outbox.SendAsync(json => ServerMessages.Content(json, flag));
        await outbox.SendAsync(static json => ServerMessages.Content(json, "turnComplete"));
        if (scenario.Wire.Sprinkle)
            await outbox.SendAsync(static json => ServerMessages.Content(json, "waitingForInput"));
        await outbox.SendAsync(json => ServerMessages.Usage(json, usage));
    }

    /// <param name="place">Null: not resumable now.</param>
    public Task UpdateResumptionAsync(ScenarioPlace? place)
    {
        if (!terms.Resumption || Faults.Find<Fault.NoHandles>() is not null)
            return Task.CompletedTask;
        var handle = place is null ? null : shelf.Leave(session, place);
        if (handle is not null)
            session.NoteHandle();
        long? consumed = terms.TransparentResumption ? ClientMessages - 1 : null;
        return outbox.SendAsync(json => ServerMessages.SessionResumptionUpdate(json, handle, consumed));
    }
}
