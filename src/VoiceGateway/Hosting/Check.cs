using VoiceGateway.Calls;
using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;
using VoiceGateway.Tools;

namespace VoiceGateway.Hosting;

/// <summary>
/// <c>-- check</c>: starts everything as for a call (files, database, ports, plugins, agents against their models), opens a session on
/// every route that an agent may take, and stops.
/// </summary>
internal static class Check
{
    /// <returns>0; 1 when a route leads nowhere.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration, CancellationToken stop, TextWriter? output = null)
    {
        output ??= Console.Out;
        await using var gateway = await Gateway.StartAsync(configuration, stop);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, gateway.Stopping);
        stop = ending.Token;
        output.WriteLine($"configuration  {GatewayConfiguration.Folder(configuration)}: fine");
        output.WriteLine($"sip            {string.Join(", ", gateway.Sip.BoundEndPoints)}: listening");
        output.WriteLine($"http           {gateway.AdminUrl}: listening");
        var catalog = gateway.Services.GetRequiredService<ToolCatalog>();
        foreach (var advice in AgentSetupCheck.Check(gateway.Routes.Agents, catalog, gateway.Live)) output.WriteLine($"advice         {advice}");

        var routes = new Dictionary<string, LiveRoute>(StringComparer.Ordinal);
        foreach (var agent in gateway.Routes.Agents)
        {
            var tools = catalog.Select(agent.Tools, $"{agent.File}:tools");
            var ways = gateway.Live.RoutesFor(agent, tools, new CallVariables("", "", agent.Name, gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow()));
            output.WriteLine($"agent          {Describe(agent, tools, ways, gateway.Live)}");
            foreach (var way in ways) routes.TryAdd($"{way.Name} {way.Endpoint.ConnectUri}", way);
        }
        var reached = 0;
        foreach (var route in routes.Values)
            if (await ProbeAsync(route, gateway.Live, output, stop)) reached++;
        return reached == routes.Count ? 0 : 1;
    }

    private static string Describe(AgentProfile agent, ToolSet tools, IReadOnlyList<LiveRoute> routes, LiveTarget live)
    {
        var model = live.ModelOf(agent);
        return $"{agent.Name}: {model} ({live.Contracts.For(model).Family}), routes {string.Join(", ", routes.Select(static r => r.Name))}"
            + $"{(agent.Human is { } human ? $", then {human}" : "")}, voice {routes[0].Setup.VoiceName ?? "the model's"}, language {routes[0].Setup.LanguageCode ?? "the caller's"}, "
            + $"tools {(tools.Count == 0 ? "none" : string.Join(", ", tools))}";
    }

    // With the agent's own setup: what the service refuses shows here, and not in the first call.
    private static async Task<bool> ProbeAsync(LiveRoute route, LiveTarget live, TextWriter output, CancellationToken stop)
    {
        var options = live.Link.Session with { SetupTimeout = live.SetupTimeout, ConnectTimeout = live.SetupTimeout };
        var result = await LiveSession.ConnectAsync(route.Endpoint, route.Setup, new SilentHandler(), options, stop);
        output.WriteLine($"live           {route.Name}: {(result.IsConnected ? "setup complete" : result.Failure.ToString())}");
        if (!result.IsConnected) return false;
        await result.Session.DisposeAsync();
        return true;
    }

    private sealed class SilentHandler : ILiveSessionHandler
    {
        public void OnAudio(ReadOnlySpan<byte> pcm24kHz) { }
        public void OnInterrupted() { }
        public void OnInputTranscript(ReadOnlySpan<char> text, bool finished) { }
        public void OnOutputTranscript(ReadOnlySpan<char> text, bool finished) { }
        public void OnText(string text) { }
        public void OnToolCall(IReadOnlyList<LiveFunctionCall> calls) { }
        public void OnToolCallCancelled(IReadOnlyList<string> ids) { }
        public void OnGenerationComplete() { }
        public void OnTurnComplete(string? reason) { }
        public void OnGoAway(TimeSpan timeLeft) { }
        public void OnResumptionUpdate(string? handle, bool resumable) { }
        public void OnUsage(LiveUsage usage) { }
    }
}
