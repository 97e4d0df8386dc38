using System.Net;
using System.Net.Http.Json;
using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>The gateway calls, sipp is called.</summary>
public sealed class SippAnsweringTests(ITestOutputHelper log)
{
    [SkippableFact]
    public async Task Dial_SippAnswersInALaw_ModelHearsCleanSpeech()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say");
        var line = SpokenLine.Caller(2);
        await Hearing.AssertCleanAsync(log, rig, line, G711Codec.ALaw, async () =>
        {
            await using var sipp = Sipp.Start("answer", rig.SipPort, SippOptions.Saying(line) with { Codec = G711Codec.ALaw });
            await DialAsync(rig, sipp.Port);
            await sipp.SucceedAsync();
        });
        var call = await rig.LastCallAsync();
        Assert.Equal(("outbound", "caller_hung_up", "PCMA"), (call.Direction, call.EndReason, call.Codec));
    }

    [SkippableFact]
    public async Task Dial_SippIsBusy_CallIsRefused()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say");
        await using var sipp = Sipp.Start("busy", rig.SipPort);
        await DialAsync(rig, sipp.Port);
        await sipp.SucceedAsync();
        var call = await rig.LastCallAsync();
        Assert.Equal("refused", call.EndReason);
        Assert.StartsWith("486", call.EndDetail, StringComparison.Ordinal);
    }

    private static async Task DialAsync(GatewayRig rig, int port)
    {
        var response = await rig.Http.PostAsJsonAsync("/api/calls", new { to = $"sip:sipp@127.0.0.1:{port}", agent = "default" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }
}
