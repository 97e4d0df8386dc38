using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>G.722 with a softphone of somebody else's: the telephone band and what lies above it, both ways.</summary>
public sealed class BaresipWidebandTests(ITestOutputHelper log)
{
    private const string Greeting = "Good evening, restaurant Bella Vista, how can I help you?";
    private const string Words = "I heard you. Please go on.";

    [SkippableFact]
    public async Task Call_InG722_BothHearTheWholeBand()
    {
        Peer.Baresip.Require();
        var (greeting, words) = (WideVoice.Line(Greeting), WideVoice.Line(Words));
        await using var rig = await GatewayRig.StartAsync("say");
        // It listens to the greeting, speaks, and ends the call at the end of its file.
        short[] says = [.. new short[greeting.Length + WideVoice.RateHz], .. words, .. new short[WideVoice.RateHz]];
        await using var phone = await Baresip.StartAsync(says, new G722Codec());
        await phone.DialAsync(rig.Target().ToString());
        await phone.EventAsync("CALL_ESTABLISHED");
        await phone.EventAsync("CALL_CLOSED");
        WideVoice.AssertHeard(log, "baresip", greeting, await phone.QuitAsync());
        var call = await rig.LastCallAsync();
        Assert.Equal(("caller_hung_up", "G722"), (call.EndReason, call.Codec));
        WideVoice.AssertHeard(log, "the model", words, Assert.Single(rig.Simulator.Sessions).ReceivedAudio());
    }
}
