using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using VoiceGateway.Calls;
using VoiceGateway.Codecs;
using VoiceGateway.Media;
using VoiceGateway.Records;
using VoiceGateway.Rtp;
using VoiceGateway.Telemetry;
using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Calls;

public sealed class CallAudioPathTests
{
    [Fact]
    public async Task OnFrameSent_WithARecorder_RecordsWhatWasSent()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.wav");
        try
        {
            using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
            using var metrics = new CallMetrics(services.GetRequiredService<IMeterFactory>());
            var watch = new ConversationWatch(new TurnOptions(), TimeProvider.System);
            using var audio = new CallAudioPath(
                new TurnTimeline(TimeProvider.System), new HeardLedger(), new Goodbye(), new BargeInOptions(), metrics, TimeProvider.System, watch, static _ => { }, static (_, _) => { });
            var tone = new short[160];
            for (var i = 0; i < tone.Length; i++) tone[i] = (short)(8000 * Math.Sin(i * Math.PI / 8));
            await using (var recorder = new StereoRecorder(file, TimeProvider.System))
            {
                audio.Attach(recorder);
                for (var frame = 0; frame < 10; frame++) ((IRtpLegEvents)audio).OnFrameSent(PlayoutFrame.Speech, tone);
            }

            await using var stream = File.OpenRead(file);
            var recorded = WavReader.Read(stream);
            Assert.Equal(2, recorded.Channels);
            var agent = recorded.Channel(1);
            Assert.NotEmpty(agent);
            for (var i = 0; i < agent.Length; i++) Assert.Equal(tone[i % tone.Length], agent[i]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // What is known of an echo is rented: once the call is over, an echo would be news again and passes as it came.
    [Fact]
    public void Dispose_AfterAnEcho_GivesBackWhatTheCancellerRented()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new CallMetrics(services.GetRequiredService<IMeterFactory>());
        using var audio = new CallAudioPath(
            new TurnTimeline(TimeProvider.System), new HeardLedger(), new Goodbye(), new BargeInOptions(), metrics, TimeProvider.System,
            new ConversationWatch(new TurnOptions(), TimeProvider.System), static _ => { }, static (_, _) => { });
        Assert.True(new RtpPortAllocator(33000, 33999, TimeProvider.System, TimeSpan.Zero).TryOpen(IPAddress.Loopback, out var ports));
        audio.Attach(new RtpLeg(ports, audio, new MediaOptions(), TimeProvider.System, ArrayPool<byte>.Shared));
        var random = new Random(1);
        short[] sent = new short[160], before, heard = [];
        for (var frame = 0; frame < 150; frame++) Assert.Equal(160, Next().Length);
        Assert.NotEqual(Next()[16..], heard[16..]);

        audio.Dispose();
        // Behind the ramp by which the way opens.
        Assert.Equal(Next()[16..], heard[16..]);

        // Comes back after 20 ms, 26 dB weaker.
        short[] Next()
        {
            before = sent;
            sent = [.. Enumerable.Range(0, 160).Select(_ => (short)random.Next(-8000, 8000))];
            short[] echo = [.. before.Select(static s => (short)(s / 20))];
            heard = [.. echo];
            ((IRtpLegEvents)audio).OnFrameSent(PlayoutFrame.Speech, sent);
            ((IUplinkSink)audio).OnCallerPcm8kHz(heard);
            return echo;
        }
    }
}
