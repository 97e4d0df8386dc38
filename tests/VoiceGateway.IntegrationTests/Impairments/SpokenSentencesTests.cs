using VoiceGateway.Caller;
using VoiceGateway.Codecs.Tests;
using VoiceGateway.Robustness;

namespace VoiceGateway.IntegrationTests.Impairments;

public sealed class SpokenSentencesTests
{
    private const int Ms = 16;

    /// <summary>By less and by more than a line moves a voice: a machine that stands still may do that.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(140)]
    [InlineData(900)]
    public void Cut_PauseGrewInBetween_IsWhatWasSaid(int grownMs)
    {
        var recordings = Sentences.Recordings[..2];
        var said = new SpokenSentences(recordings, line: 1);
        var line = new SentVoice();
        line.Carry(said.Clip.Pcm8kHz.ToArray(), 0);
        var sent = line.AsHeard(CallerCodec.Pcmu);
        var inBetween = 2 * recordings[0].Length + 100 * Ms;
        short[] heard = [.. new short[1234 * Ms], .. sent[..inBetween], .. new short[grownMs * Ms], .. sent[inBetween..], .. new short[500 * Ms]];

        Assert.Equal(said.Cut(sent), said.Cut(sent, heard));
        Assert.All(said.Cut(sent).Zip(recordings), static pair => Assert.InRange(pair.First.Length - 2 * pair.Second.Length, 400 * Ms, 410 * Ms));
    }
}
