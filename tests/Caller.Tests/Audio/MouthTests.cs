namespace VoiceGateway.Caller.Tests;

public class MouthTests
{
    [Fact]
    public void Next_ClipWithSilenceAround_MarksTheVoice()
    {
        var mouth = new Mouth();
        mouth.Say(SpeechClip.FromPcm([.. Pcm.Silence(40), .. Pcm.Tone(440, 50), .. Pcm.Silence(50)], 8000), fromVoice: false);

        var frames = Frames(mouth, 8);

        Assert.Equal(2, frames.FindIndex(frame => frame.Begins));
        Assert.Equal(4, frames.FindIndex(frame => frame.Ends));
        Assert.Equal(6, frames.FindIndex(frame => frame.IsLast));
        Assert.False(mouth.IsSpeaking);
    }

    [Fact]
    public void Next_FromVoice_LeavesTheSilenceInFrontOut()
    {
        var mouth = new Mouth();
        mouth.Say(SpeechClip.FromPcm([.. Pcm.Silence(400), .. Pcm.Tone(440, 40)], 8000), fromVoice: true);

        Assert.True(Frames(mouth, 1)[0].Begins);
    }

    [Fact]
    public void Next_Nothing_IsSilence()
    {
        var frame = new short[160];
        frame.AsSpan().Fill(77);

        Assert.Equal(MouthFrame.Silence, new Mouth().Next(frame));

        Assert.All(frame, sample => Assert.Equal(0, sample));
    }

    private static List<MouthFrame> Frames(Mouth mouth, int count)
    {
        var frame = new short[AudioFrame.Samples];
        return [.. Enumerable.Range(0, count).Select(_ => mouth.Next(frame))];
    }
}
