using Microsoft.Extensions.DependencyInjection;
using VoiceGateway.Admin;
using VoiceGateway.Calls;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Rtp;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>The agent hands sipp to somebody else; sipp reports as a telephone or trunk would.</summary>
public sealed class SippTransferTests
{
    private const string Agent = """{ "greeting": "A caller is on the line.", "tools": ["*"], "human": "300" }""";

    [SkippableFact]
    public async Task Transfer_OtherSideAnswers_CallerGetsByeAndIsTransferred()
    {
        var (call, messages) = await RunAsync("transfer", "200 OK");
        Assert.Equal("transferred", call.EndReason);
        Assert.Contains("Reason: Q.850;cause=16;text=\"The caller was transferred\"", messages, StringComparison.Ordinal);
        Assert.Equal("connected", Status(call));
        Assert.DoesNotContain(call.ToolCalls, static t => t.Name == "hang_up");
    }

    [SkippableFact]
    public async Task Transfer_OtherSideIsBusy_CallerIsBackWithTheAgent()
    {
        var (call, _) = await RunAsync("transfer", "486 Busy Here");
        Assert.Equal("agent_hung_up", call.EndReason);
        Assert.Equal("busy", Status(call));
    }

    [SkippableFact]
    public async Task Transfer_NothingIsReported_CallerIsBackWithTheAgent()
    {
        var (call, _) = await RunAsync("transfer-unreported", "", ("Calls:TransferRingSeconds", "1"));
        Assert.Equal("agent_hung_up", call.EndReason);
        Assert.Equal("failed", Status(call));
    }

    [SkippableFact]
    public async Task NoModel_AgentHasAHuman_CallerIsAnsweredAndTransferred()
    {
        await using var refusing = new RefusingServer(401);
        var (call, messages) = await RunAsync("transfer", "200 OK", ("Live:Endpoint", refusing.Endpoint), ("Calls:OverflowBy", "Refer"));
        Assert.Contains("handed to a human", call.EndDetail, StringComparison.Ordinal);
        Assert.Contains("REFER sip:", messages, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task MediaTimeout_ByeIsAnsweredLate_PortIsFreeAtOnce()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say", ("Media:TimeoutSeconds", "1"));
        await using var ear = new RtpEar();
        var ports = rig.Gateway.Services.GetRequiredService<RtpPortAllocator>();
        await using var sipp = Sipp.Start("slow-bye", rig.SipPort, new SippOptions { Keys = [("rtp_port", $"{ear.Port}")] });
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.All.Any(static c => c.State == CallState.Ending), "the call is being ended", seconds: 20);
        await GatewayRig.WaitUntilAsync(() => ports.InUse == 0, "the port is free", seconds: 2);
        Assert.Equal(1, rig.Gateway.Sip.ActiveCalls);
        await sipp.SucceedAsync();
        Assert.Equal("media_timeout", (await rig.LastCallAsync()).EndReason);
    }

    private static async Task<(CallView Call, string Messages)> RunAsync(string scenario, string report, params (string Key, string? Value)[] settings)
    {
        Peer.Sipp.Require();
        using var agents = new AgentsFolder(Agent);
        await using var rig = await GatewayRig.StartAsync(PeerFiles.Simulator("transfer"), [agents.Setting, .. settings]);
        await using var ear = new RtpEar();
        var messages = await Sipp.RunAsync(scenario, rig, new SippOptions { Keys = [("rtp_port", $"{ear.Port}"), ("report", report)] });
        return (await rig.LastCallAsync(), messages);
    }

    private static string? Status(CallView call) =>
        call.ToolCalls.Single(static t => t.Name == "transfer_call").Result is { } result ? result.GetProperty("output").GetProperty("status").GetString() : null;
}
