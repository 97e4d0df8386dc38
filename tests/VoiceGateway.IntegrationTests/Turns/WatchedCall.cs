using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using VoiceGateway.Admin;
using VoiceGateway.Caller;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Tools;

namespace VoiceGateway.IntegrationTests.Conversations;

/// <summary>One call under watch, with a model of few words and short patience, so that a stall and its cure take seconds.</summary>
internal sealed class WatchedCall : IAsyncDisposable
{
    public const string Answer = "All right then.";
    public const string Offer = "There is a table.";
    public const string StillThere = "Are you there?";
    public const string Goodbye = "Goodbye then.";

    // No recorded voices: what is not recorded is murmured, in the length of the words.
    private const string Scenario = $$$"""
        {
          "greeting": ["Yes please?"],
          "loop": true,
          "turns": [ { "caller": "A table, please.", "steps": ["{{{Answer}}}"] } ],
          "onText": [
            { "match": "(?i)still there", "steps": ["{{{StillThere}}}"] },
            { "match": "(?i)say goodbye", "steps": ["{{{Goodbye}}}"] },
            { "match": "(?i)must end", "steps": ["Our time is nearly over."] }
          ]
        }
        """;

    private const string ToolScenario = $$$"""
        {
          "greeting": ["Yes please?"],
          "loop": true,
          "turns": [ { "caller": "A table, please.", "steps": [
            { "callTools": [ { "name": "check_availability", "args": { "date": "{{date:next-friday}}", "time": "19:00", "party_size": 4 } } ] },
            "{{{Offer}}}"
          ] } ]
        }
        """;

    // It thinks, and thinks.
    private const string MuteScenario = """
        { "greeting": ["Yes please?"], "loop": true, "turns": [ { "steps": [ { "wait": { "milliseconds": 120000 } }, "Hm." ] } ] }
        """;

    private readonly string _scenario;

    private WatchedCall(GatewayRig rig, string scenario) => (Rig, _scenario) = (rig, scenario);

    public GatewayRig Rig { get; }

    public LiveSimulatorServer Simulator => Rig.Simulator;

    /// <summary>What the gateway told the model in its own words, over all connections.</summary>
    public string[] Notes => [.. Simulator.Sessions.SelectMany(static s => s.Texts).Where(static t => t.StartsWith("[system]", StringComparison.Ordinal))];

    public static Task<WatchedCall> StartAsync(params (string Key, string? Value)[] settings) => StartAsync(Scenario, TimeSpan.Zero, settings);

    /// <summary>With a model that greets and then says nothing any more, on whatever connection and asked however.</summary>
    public static Task<WatchedCall> StartMuteAsync(params (string Key, string? Value)[] settings) => StartAsync(MuteScenario, TimeSpan.Zero, settings);

    /// <param name="toolTakes">How long the tool runs that every turn calls.</param>
    /// <param name="settings">Configuration keys over the short patience.</param>
    public static Task<WatchedCall> StartWithToolAsync(TimeSpan toolTakes, params (string Key, string? Value)[] settings) =>
        StartAsync(ToolScenario, toolTakes, settings);

    public Task<CallerReport> CallAsync(params CallerStep[] steps) => Rig.CallAsync(steps);

    public static SayStep Say() => new(GatewayRig.Line(2));

    public Task<CallView> RecordAsync() => Rig.LastCallAsync();

    public async ValueTask DisposeAsync()
    {
        await Rig.DisposeAsync();
        File.Delete(_scenario);
    }

    private static async Task<WatchedCall> StartAsync(string scenario, TimeSpan toolTakes, (string Key, string? Value)[] settings)
    {
        var file = Path.Combine(Path.GetTempPath(), $"voicegateway-watched-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, scenario);
        (string, string?)[] short_ =
        [
            ("Turns:StallSeconds", "1.5"), ("Turns:StallStepSeconds", "1.2"), ("Turns:EmptyTurnSeconds", "0.5"), ("Turns:DroughtSeconds", "1.2"),
            ("Turns:IdleSeconds", "0"), ("Turns:GoodbyeGraceSeconds", "3"), ("Turns:FillerAfterMs", "500"),
        ];
        return new WatchedCall(await GatewayRig.StartAsync(file, services => Slow(services, toolTakes), [.. short_, .. settings]), file);
    }

    private static void Slow(IServiceCollection services, TimeSpan by)
    {
        if (by == TimeSpan.Zero) return;
        var catalog = new ToolCatalog();
        var known = (ToolCatalog)services.Single(static s => s.ServiceType == typeof(ToolCatalog)).ImplementationInstance!;
        foreach (var plugin in known.Tools.GroupBy(static t => t.Plugin)) catalog.Add(plugin.Key, plugin.Select(t => new SlowFunction(t.Function, by)));
        services.AddSingleton(catalog);
    }

    private sealed class SlowFunction(AIFunction inner, TimeSpan by) : DelegatingAIFunction(inner)
    {
        protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            await Task.Delay(by, cancellationToken);
            return await base.InvokeCoreAsync(arguments, cancellationToken);
        }
    }
}
