using VoiceGateway.Caller;
using VoiceGateway.IntegrationTests.Rig;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Calls;

/// <summary>A whole call in G.722: what lies above 4 kHz arrives, both ways.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class WidebandCallTests(ITestOutputHelper log)
{
    private const string Greeting = "Good evening, restaurant Bella Vista, how can I help you?";
    private const string Words = "I heard you. Please go on.";

    [Fact]
    public async Task Call_InG722_BothHearTheWholeBand()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        var report = await rig.CallAsync(
            new CallerOptions { Target = rig.Target(), Codec = CallerCodec.G722 },
            new ListenStep(), new SayStep(SpeechClip.FromPcm(WideVoice.Recorded(Words), 24000)), new ListenStep(), new HangUpStep());
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        Assert.Equal("G722", (await rig.LastCallAsync()).Codec);

        WideVoice.AssertHeard(log, "the model", WideVoice.Line(Words), Assert.Single(rig.Simulator.Sessions).ReceivedAudio());
        WideVoice.AssertHeard(log, "the caller", WideVoice.Line(Greeting), report.Recording.HeardWide);
    }

    [Fact]
    public async Task Call_G722NotAllowed_IsAnsweredInG711()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Media:Codecs:0", "PCMA"), ("Media:Codecs:1", ""), ("Media:Codecs:2", ""));
        var refused = await rig.CallAsync(new CallerOptions { Target = rig.Target(), Codec = CallerCodec.G722 }, new ListenStep(), new HangUpStep());
        Assert.Equal(488, refused.StatusCode);
        var taken = await rig.CallAsync(new CallerOptions { Target = rig.Target() }, new ListenStep(), new HangUpStep());
        Assert.Equal("PCMA", taken.Codec);
    }
}
