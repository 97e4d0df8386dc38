using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>Calls out through a PBX that wants a password: 407, and in the dialog too if it likes (RFC 3261 section 22.3).</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class KamailioTrunkTests
{
    private static readonly short[] AMinute = new short[8000 * 60];

    [SkippableTheory]
    [InlineData("MD5", "udp")]
    [InlineData("SHA256", "udp")]
    [InlineData("MD5", "tcp")]
    public async Task Dial_Challenged_AnswersAndIsPutThrough(string algorithm, string transport)
    {
        await using var phone = await Baresip.StartAsync(AMinute, G711Codec.MuLaw, answers: true);
        await using var pbx = await Kamailio.StartAsync("registrar", new KamailioOptions { Features = [algorithm, "CHALLENGES_ALL"], Callee = phone.Port, NonceSeconds = 1 });
        await using var rig = await GatewayRig.StartAsync("say", PbxTrunk.Settings($"127.0.0.1:{pbx.Port};transport={transport}"));
        await PbxTrunk.DialAsync(rig);
        await phone.EventAsync("CALL_ESTABLISHED");
        await pbx.SaysAsync("challenged INVITE");
        await pbx.SaysAsync("authenticated INVITE");
        // Long enough for the nonce to be stale: the BYE is challenged again.
        await Task.Delay(2500);
        using (await rig.Http.DeleteAsync($"/api/calls/{rig.Gateway.Calls.All[0].Id}")) await phone.EventAsync("CALL_CLOSED");
        await pbx.SaysAsync("challenged BYE");
        await pbx.SaysAsync("authenticated BYE");
        var call = await rig.LastCallAsync();
        Assert.Equal(("outbound", "operator_hung_up"), (call.Direction, call.EndReason));
    }

    [SkippableFact]
    public async Task Dial_WrongPassword_IsRefusedAfterOneAttempt()
    {
        await using var pbx = await Kamailio.StartAsync("registrar", new KamailioOptions { Callee = 9 });
        await using var rig = await GatewayRig.StartAsync("say", PbxTrunk.Settings($"127.0.0.1:{pbx.Port}", password: "guessed"));
        await PbxTrunk.DialAsync(rig);
        var call = await rig.LastCallAsync();
        Assert.Equal("refused", call.EndReason);
        Assert.StartsWith("407", call.EndDetail, StringComparison.Ordinal);
        Assert.Equal(3, pbx.Output.Split("challenged INVITE").Length);
    }

    [SkippableFact]
    public async Task Call_OfARegisteredGateway_ByeIsChallengedAndAnswered()
    {
        await using var phone = await Baresip.StartAsync(AMinute, G711Codec.MuLaw);
        await using var pbx = await Kamailio.StartAsync("registrar", new KamailioOptions { Features = ["CHALLENGES_ALL"] });
        await using var rig = await GatewayRig.StartAsync("say", PbxTrunk.Registered($"127.0.0.1:{pbx.Port}"));
        await PbxTrunk.BecomesAsync(rig, "registered");
        await phone.DialAsync($"sip:100@127.0.0.1:{pbx.Port}");
        await phone.EventAsync("CALL_ESTABLISHED");
        Assert.Equal(1, (await PbxTrunk.ViewAsync(rig)).GetProperty("calls").GetInt32());
        using (await rig.Http.DeleteAsync($"/api/calls/{rig.Gateway.Calls.All[0].Id}")) await phone.EventAsync("CALL_CLOSED");
        await pbx.SaysAsync("authenticated BYE");
        Assert.Equal("operator_hung_up", (await rig.LastCallAsync()).EndReason);
    }
}
