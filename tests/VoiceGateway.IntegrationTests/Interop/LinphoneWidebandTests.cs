using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>G.722 with the telephone that many people have.</summary>
public sealed class LinphoneWidebandTests(ITestOutputHelper log)
{
    private const string Greeting = "Good evening, restaurant Bella Vista, how can I help you?";
    private const string Words = "I heard you. Please go on.";

    [SkippableFact]
    public async Task Call_InG722_BothHearTheWholeBand()
    {
        Peer.Linphone.Require();
        var (greeting, words) = (WideVoice.Line(Greeting), WideVoice.Line(Words));
        await using var rig = await GatewayRig.StartAsync("say");
        short[] says = [.. new short[greeting.Length + WideVoice.RateHz], .. words, .. new short[20 * WideVoice.RateHz]];
        await using var phone = await Linphone.StartAsync(says, new G722Codec());
        await phone.DialAsync($"sip:100@127.0.0.1:{rig.SipPort}");
        await Task.Delay(TimeSpan.FromSeconds((double)(greeting.Length + words.Length) / WideVoice.RateHz + 2.5));
        await phone.HangUpAsync();
        var heard = await phone.QuitAsync();
        // The answer to the words comes after it.
        WideVoice.AssertUpperHalfIsThere(log, "linphone", greeting, heard[..Math.Min(heard.Length, greeting.Length + WideVoice.RateHz)]);
        var call = await rig.LastCallAsync();
        Assert.Equal(("caller_hung_up", "G722"), (call.EndReason, call.Codec));
        WideVoice.AssertHeard(log, "the model", words, Assert.Single(rig.Simulator.Sessions).ReceivedAudio());
    }
}
