using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.LiveSimulator;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>What the model heard of a peer's line.</summary>
internal static class Hearing
{
    /// <summary>A single G.711 encoding leaves 33 to 38 dB of signal to noise.</summary>
    public const double CleanDb = 30;

    private const int Attempts = 3;

    /// <summary>
    /// Calls until the model has heard the line as clean as G.711 is. Another attempt is made only when the peer was held up
    /// by a busy machine, which can be heard.
    /// </summary>
    public static async Task AssertCleanAsync(ITestOutputHelper log, GatewayRig rig, SpokenLine line, SpeechCodec codec, Func<Task> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            await call();
            var heard = (await NewestAsync(rig)).ReceivedAudio();
            var snr = line.SnrHeardAt16kHz(heard);
            log.WriteLine($"the model heard {codec.EncodingName} at {snr:F1} dB");
            if (snr >= CleanDb) return;
            if (attempt == Attempts || !line.WasHeldUp(codec, heard)) Assert.Fail($"the model heard the caller at {snr:F1} dB only");
        }
    }

    private static async Task<SimulatedSession> NewestAsync(GatewayRig rig)
    {
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.Count == 0, "the call ends");
        return rig.Simulator.Sessions.MaxBy(static s => s.StartedAt)!;
    }
}
