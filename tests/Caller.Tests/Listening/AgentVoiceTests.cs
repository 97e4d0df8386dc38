namespace VoiceGateway.Caller.Tests;

public class AgentVoiceTests
{
    [Fact]
    public void Hear_ToneAfterSilence_StartsAtItsFirstPacketAndEndsAfterItsLast()
    {
        var ear = new Ear().Hear(Pcm.Silence(500));
        var begin = ear.Now;
        ear.Hear(Pcm.Tone(1000, 400)).Hear(Pcm.Silence(1000));

        Assert.Equal([AgentChange.Started, AgentChange.Ended], ear.Changes.Select(c => c.Change));
        Assert.Equal(begin, ear.Voice.UtteranceStart);
        Assert.Equal(380, StopwatchTime.Milliseconds(ear.Voice.LastAudible - begin), 0.001);
    }

    [Fact]
    public void Advance_AgentStopsSending_EndsTheTurnAllTheSame()
    {
        var ear = new Ear().Hear(Pcm.Tone(1000, 200)).Wait(900);

        Assert.Equal([AgentChange.Started, AgentChange.Ended], ear.Changes.Select(c => c.Change));
    }

    [Fact]
    public void Hear_PauseBetweenWords_IsOneUtteranceAndATellableSilence()
    {
        var ear = new Ear().Hear(Pcm.Tone(1000, 200)).Hear(Pcm.Silence(400)).Hear(Pcm.Tone(1000, 20));

        Assert.Equal(1, ear.Voice.Utterances);
        Assert.Equal(400, StopwatchTime.Milliseconds(ear.Voice.SilenceBefore), 0.001);
    }

    [Theory]
    [InlineData(-70)]
    [InlineData(-60)]
    [InlineData(-52)]
    public void Hear_ComfortNoise_IsSilence(double dbov)
    {
        Assert.Empty(new Ear().Hear(Pcm.Noise(5000, dbov)).Changes);
    }

    [Fact]
    public void Hear_LoudComfortNoise_IsSilenceOnceItIsKnown()
    {
        var ear = new Ear().Hear(Pcm.Silence(100)).Hear(Pcm.Noise(3000, -46));
        ear.Changes.Clear();

        ear.Hear(Pcm.Noise(2000, -46, seed: 2));
        Assert.Empty(ear.Changes);

        ear.Hear(Pcm.Tone(1000, 200));
        Assert.Equal(AgentChange.Started, Assert.Single(ear.Changes).Change);
    }

    [Fact]
    public void Hear_LongSteadyTone_IsHeardToItsEnd()
    {
        var ear = new Ear().Hear(Pcm.Tone(1000, 10_000, dbov: -30));

        Assert.True(ear.Voice.IsSpeaking);
        Assert.Equal(20, ear.NowMs - StopwatchTime.Milliseconds(ear.Voice.LastAudible), 0.001);
    }

    [Fact]
    public void Hear_OneClick_IsNoUtterance()
    {
        Assert.Empty(new Ear().Hear(Pcm.Silence(100)).Hear(Pcm.Tone(1000, 20)).Hear(Pcm.Silence(500)).Changes);
    }

    [Fact]
    public void Interrupt_AgentStopsAndAnswersSoon_AreTwoUtterances()
    {
        var ear = new Ear(turnSilenceMs: 700, bargeInSilenceMs: 300).Hear(Pcm.Tone(1000, 400));
        ear.Voice.Interrupt();
        ear.Hear(Pcm.Silence(360)).Hear(Pcm.Tone(1000, 100));

        Assert.Equal(2, ear.Voice.Utterances);
    }

    [Fact]
    public void Interrupt_Silent_DoesNotShortenTheNextUtterance()
    {
        var ear = new Ear();
        ear.Voice.Interrupt();
        ear.Hear(Pcm.Tone(1000, 200)).Hear(Pcm.Silence(360)).Hear(Pcm.Tone(1000, 100));

        Assert.Equal(1, ear.Voice.Utterances);
    }

    [Fact]
    public void Hear_AnyFrames_AllocatesNothing()
    {
        var voice = new Ear().Hear(Pcm.Tone(1000, 200)).Voice;
        var tone = Pcm.Tone(1000, 20);
        var silence = Pcm.Silence(20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (long n = 1; n < 1000; n++)
        {
            voice.Hear(n % 100 < 50 ? tone : silence, n * StopwatchTime.Frame);
            voice.Advance(n * StopwatchTime.Frame);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
