using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using VoiceGateway.Calls;
using VoiceGateway.Codecs;
using VoiceGateway.Media;
using VoiceGateway.Records;
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
}
