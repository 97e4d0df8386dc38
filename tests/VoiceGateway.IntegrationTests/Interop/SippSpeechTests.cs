using Microsoft.Extensions.DependencyInjection;
using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Rtp;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>sipp says a recorded line, and the model hears it.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class SippSpeechTests(ITestOutputHelper log)
{
    [SkippableTheory]
    [InlineData("speak", "PCMU", false)]
    [InlineData("speak", "PCMA", true)]
    [InlineData("late-offer", "PCMA", false)]
    public async Task Sipp_CallerSpeaks_ModelHearsCleanSpeech(string scenario, string codec, bool tcp)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say");
        var line = SpokenLine.Caller(0);
        var options = SippOptions.Saying(line) with { Codec = codec == "PCMU" ? G711Codec.MuLaw : G711Codec.ALaw, Tcp = tcp };
        await Hearing.AssertCleanAsync(log, rig, line, options.Codec, () => Sipp.RunAsync(scenario, rig, options));
        var call = await rig.LastCallAsync();
        Assert.Equal("caller_hung_up", call.EndReason);
        Assert.Equal(codec, call.Codec);
    }

    [SkippableFact]
    public async Task Clock_HeldUpWhileSippSpeaks_ModelHearsSpeechWithoutAHole()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say");
        var line = SpokenLine.Caller(0);
        var clock = rig.Gateway.Services.GetRequiredService<MediaEngine>();
        await Hearing.AssertCleanAsync(log, rig, line, G711Codec.MuLaw, async () =>
        {
            await using var sipp = Sipp.Start("speak", rig.SipPort, SippOptions.Saying(line));
            await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.All.Any(static c => c.Snapshot().Rtp is { PacketsReceived: > 50 }), "sipp speaks", seconds: 20);
            // What arrives meanwhile waits in the socket: nothing of it is late, and nothing is to be filled in.
            var stall = new ClockStall(TimeSpan.FromMilliseconds(300));
            using (clock.Add(stall)) await stall.Over;
            await sipp.SucceedAsync();
        });
    }

    [SkippableFact]
    public async Task Sipp_TwentyCallsAtOnce_EachIsHeard()
    {
        Peer.Sipp.Require();
        const int Calls = 20;
        await using var rig = await GatewayRig.StartAsync("say");
        var line = SpokenLine.Caller(2);
        var options = SippOptions.Saying(line) with { Calls = Calls, CallsPerSecond = 10 };
        // On a busy machine sipp speaks haltingly; that is no fault of the gateway's, but it shows little either: then once more.
        for (var attempt = 1; ; attempt++)
        {
            await Sipp.RunAsync("speak", rig, options);
            await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.Count == 0, "all calls end");
            Assert.Equal(attempt * Calls, rig.Simulator.Sessions.Count);
            var heard = rig.Simulator.Sessions.OrderBy(static s => s.StartedAt).TakeLast(Calls).Select(static s => s.ReceivedAudio()).ToArray();
            var snr = heard.AsParallel().AsOrdered().Select(line.SnrHeardAt16kHz).ToArray();
            log.WriteLine($"the model heard PCMU at {string.Join(' ', snr.Select(static db => db.ToString("F1", null)))} dB");
            for (var i = 0; i < Calls; i++)
                Assert.True(snr[i] >= Hearing.CleanDb || line.WasHeldUp(options.Codec, heard[i]), $"call {i} was heard at {snr[i]:F1} dB only");
            if (snr.Count(static db => db >= Hearing.CleanDb) >= Calls / 2) return;
            Assert.True(attempt < 3, "the machine is too busy for sipp to speak without a halt");
        }
    }
}
