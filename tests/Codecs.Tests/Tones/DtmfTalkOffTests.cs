using Xunit.Abstractions;

namespace VoiceGateway.Codecs.Tests;

/// <summary>Speech that sounds like digits: every voice there is, at many speeds and so pitches, alone and two at a time, through G.711.</summary>
public sealed class DtmfTalkOffTests(ITestOutputHelper output)
{
    [Fact]
    public void HoursOfSpeech_GiveNoDigit()
    {
        var voices = new[] { "voices", "codecs", "sentences" }
            .SelectMany(static folder => Directory.GetFiles(TestData.PathOf(folder), "*.wav"))
            .Order(StringComparer.Ordinal)
            .Select(static file => (Name: Path.GetFileNameWithoutExtension(file), WavReader.Read(file).Samples))
            .Where(static voice => voice.Samples.Length > 8000)
            .ToArray();
        var heard = new List<string>();
        var lockHeard = new Lock();
        var seconds = 0.0;
        Parallel.ForEach(Enumerable.Range(0, 41), step =>
        {
            var factor = 0.6 + 0.03 * step;
            var detector = new DtmfDetector();
            var (mine, samples) = (new List<string>(), 0L);
            for (var i = 0; i < voices.Length; i++)
            {
                var pcm = Faster(voices[i].Samples, factor);
                Listen(voices[i].Name, Signal.AtSpeechLevel(pcm, -20));
                Listen(voices[i].Name + " loud", Signal.AtSpeechLevel(pcm, -9));
                var other = Faster(voices[(i + 1) % voices.Length].Samples, 2.2 - factor);
                Listen(voices[i].Name + " and another", Signal.Add(Signal.AtSpeechLevel(pcm, -20), Signal.AtSpeechLevel(other, -22)));
            }
            lock (lockHeard)
            {
                heard.AddRange(mine);
                seconds += samples / 8000.0;
            }

            void Listen(string name, short[] pcm)
            {
                samples += pcm.Length;
                var at = 0;
                foreach (var chunk in DtmfLine.ThroughMuLaw(pcm).Chunk(160))
                {
                    if (detector.Process(chunk) is { } digit) mine.Add($"{digit} in {name} × {factor:F2} at {at / 8000.0:F2} s");
                    at += chunk.Length;
                }
            }
        });
        output.WriteLine($"{seconds / 3600:F1} hours of speech, {heard.Count} digits");
        foreach (var line in heard) output.WriteLine(line);
        Assert.InRange(seconds, 2 * 3600, double.MaxValue);
        Assert.Empty(heard);
    }

    // Linear interpolation: what it adds above the voice does no harm here.
    private static short[] Faster(short[] pcm, double factor)
    {
        var result = new short[(int)((pcm.Length - 1) / factor)];
        for (var i = 0; i < result.Length; i++)
        {
            var at = (int)(i * factor);
            var share = i * factor - at;
            result[i] = (short)(pcm[at] + share * (pcm[at + 1] - pcm[at]));
        }
        return result;
    }
}
