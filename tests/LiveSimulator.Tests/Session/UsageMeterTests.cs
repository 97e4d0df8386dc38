namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class UsageMeterTests
{
    [Fact]
    public void TurnEnded_AudioBothWays_Counts25TokensASecond()
    {
        var session = new SimulatedSession("s", new LiveApiPath(false, "v1beta", false), CredentialKind.None, new LiveSimulatorOptions());
        var meter = new UsageMeter(session, promptTextTokens: 100);
        session.NoteAudioReceived(new short[32_000], 16_000);
        meter.Spoke(SpokenAudio.BytesPerSecond * 4);
        meter.Read("12345678");

        Assert.Equal(new Usage(102, 50, 0, 100, 0), meter.TurnEnded());
        // The reply has become part of the prompt.
        Assert.Equal(new Usage(102, 150, 0, 0, 0), meter.TurnEnded());
    }
}
