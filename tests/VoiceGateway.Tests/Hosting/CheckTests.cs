using VoiceGateway.Abstractions;
using VoiceGateway.Hosting;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Tests.Routing;

namespace VoiceGateway.Tests.Hosting;

/// <summary>The verb <c>check</c>, against the embedded simulator.</summary>
public sealed class CheckTests
{
    [Fact]
    public async Task Run_EveryRoute_IsDescribedAndProbedOnce()
    {
        using var agents = new AgentsFolder(
            """
            {
              "model": "gemini-3.8-live-extended-thinking", "voice": "puck", "language": "en-us", "tools": ["lookups/*"], "thinking": { "level": "low" }, "human": "+4930123",
              "fallback": [ { "model": "gemini-3.8-live", "without": ["thinking"] } ]
            }
            """);
        agents.Write("second.json", """{ "model": "gemini-3.8-live" }""");
        var (code, output) = await RunAsync(agents);
        Assert.Contains(
            "agent          default: gemini-3.8-live-extended-thinking (3.8 live extended thinking), routes gemini-3.8-live-extended-thinking@simulator, gemini-3.8-live@simulator, then +4930123, voice Puck, language en-US, tools lookups/find_customer, lookups/opening_hours",
            output);
        Assert.Contains("agent          second: gemini-3.8-live (3.8 live), routes gemini-3.8-live@simulator, voice the model's, language the caller's, tools none", output);
        Assert.Equal(2, output.Split("setup complete").Length - 1);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Run_FallbackThatLeadsNowhere_IsNamed()
    {
        using var agents = new AgentsFolder("""{ "fallback": [ { "endpoint": "ws://127.0.0.1:1" } ] }""");
        var (code, output) = await RunAsync(agents);
        Assert.Equal(1, code);
        Assert.Contains("live           gemini-3.8-live@simulator: setup complete", output);
        Assert.Contains("live           gemini-3.8-live@127.0.0.1:1: ", output);
    }

    [Fact]
    public async Task Run_KeyFromAFile_LetsTheSessionIn()
    {
        await using var simulator = await LiveSimulatorServer.StartAsync(new LiveSimulatorOptions { ApiKey = "right" }, default);
        using var agents = new AgentsFolder("{}");
        var file = agents.Write("key.txt", "right\n");
        string[] settings = [$"--Live:Endpoint={simulator.Endpoint}", $"--Live:ApiKeyFile={file}"];
        Assert.Equal(0, (await RunAsync(agents, settings)).Code);
        File.WriteAllText(file, "wrong");
        var (code, output) = await RunAsync(agents, settings);
        Assert.Equal(1, code);
        Assert.DoesNotContain("wrong", output);
    }

    [Fact]
    public async Task Run_EphemeralToken_GoesToTheMethodThatTakesOne()
    {
        await using var simulator = await LiveSimulatorServer.StartAsync(new LiveSimulatorOptions { ApiKey = "auth_tokens/t1" }, default);
        using var agents = new AgentsFolder("{}");
        var (code, _) = await RunAsync(agents, $"--Live:Endpoint={simulator.Endpoint}", "--Live:ApiVersion=v1alpha", $"--Live:AccessTokenFile={agents.Write("token.txt", "auth_tokens/t1\n")}");
        Assert.Equal(0, code);
        var session = Assert.Single(simulator.Sessions);
        Assert.Equal((CredentialKind.EphemeralToken, "v1alpha"), (session.Credential, session.ApiVersion));
    }

    [Fact]
    public async Task Run_Vertex_ConnectsWithATokenAndTheResourceName()
    {
        using var tokens = new FakeTokenServer();
        await using var simulator = await LiveSimulatorServer.StartAsync(new LiveSimulatorOptions(), default);
        using var agents = new AgentsFolder("{}");
        var (code, _) = await RunAsync(agents,
            $"--Live:Endpoint={simulator.Endpoint}", "--Live:Vertex:Project=p1", "--Live:Vertex:Location=europe-west4",
            $"--Live:Vertex:CredentialsFile={agents.Write("account.key", tokens.ServiceAccount())}");
        Assert.Equal(0, code);
        Assert.Equal(1, tokens.Served);
        var session = Assert.Single(simulator.Sessions);
        Assert.Equal((CredentialKind.Bearer, true), (session.Credential, session.IsVertex));
        Assert.Equal("projects/p1/locations/europe-west4/publishers/google/models/gemini-3.8-live", session.Setup!.Value.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Run_AgentThatItsModelRefuses_IsAComplaint()
    {
        using var agents = new AgentsFolder("""{ "thinking": { "level": "low" } }""");
        Assert.Equal("agents/default.json:thinking.level", (await Assert.ThrowsAsync<ConfigurationException>(() => RunAsync(agents))).Key);
    }

    private static async Task<(int Code, string Output)> RunAsync(AgentsFolder agents, params string[] settings)
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "config", GatewayConfiguration.FileName);
        File.Copy(shipped, Path.Combine(agents.Path, GatewayConfiguration.FileName), overwrite: true);
        string[] loopback =
        [
            "--Sip:Listen:0=udp:127.0.0.1:0", "--Admin:Url=http://127.0.0.1:0", "--Logging:LogLevel:Default=None",
            $"--Storage:Database=sqlite:{Path.Combine(agents.Path, "check.db")}",
        ];
        using var output = new StringWriter();
        var configuration = GatewayConfiguration.Load([.. loopback, .. settings], agents.Path, withEnvironment: false);
        var code = await Check.RunAsync(configuration, default, output);
        return (code, output.ToString());
    }
}
