using Xunit.Abstractions;

namespace VoiceGateway.Codecs.Tests;

/// <summary>What concealment is worth, in figures, beside silence and beside libspandsp's.</summary>
public sealed class ConcealedSpeechTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(8000, 10)]
    [InlineData(8000, 20)]
    [InlineData(8000, 40)]
    [InlineData(16000, 20)]
    public void Concealed_IsNearerToTheVoiceThanSilence(int sampleRateHz, int packetMs)
    {
        var packet = sampleRateHz / 1000 * packetMs;
        foreach (var (name, losses) in Patterns)
        {
            var (ours, silence) = (new List<(double Snr, double Distance)>(), new List<(double Snr, double Distance)>());
            for (var i = 0; i < Sentences.Recordings.Length; i++)
            {
                var voice = sampleRateHz == 8000 ? Sentences.Recordings[i] : Sentences.Wide[i];
                var lost = losses(voice.Length / packet + 1, i);
                ours.Add(Judge(voice, LossyLine.Conceal(voice, lost, packet, sampleRateHz), lost, packet, sampleRateHz));
                silence.Add(Judge(voice, LossyLine.FillWithZeros(voice, lost, packet), lost, packet, sampleRateHz));
            }
            Report(name, "silence", ours, silence);
            Assert.InRange(Distance(ours) / Distance(silence), 0, 0.75);
            // Silence has 0 dB; 40 ms on a voice has another phase.
            if (packetMs <= 20) Assert.InRange(Snr(ours), 0.5, 35);
        }
    }

    /// <summary>Which may change what was heard before a loss no more than we do.</summary>
    [SkippableFact]
    public void Concealed_IsNoWorseThanBySpandsp()
    {
        Spandsp.Require();
        foreach (var (name, losses) in Patterns)
        {
            var (ours, theirs) = (new List<(double Snr, double Distance)>(), new List<(double Snr, double Distance)>());
            for (var i = 0; i < Sentences.Recordings.Length; i++)
            {
                var voice = Sentences.Recordings[i];
                var lost = losses(voice.Length / 160 + 1, i);
                using var plc = new SpandspConcealer();
                ours.Add(Judge(voice, LossyLine.Conceal(voice, lost, 160, 8000), lost, 160, 8000));
                theirs.Add(Judge(voice, LossyLine.Receive(voice, lost, 160, plc.Good, plc.Lost), lost, 160, 8000));
            }
            Report(name, "spandsp", ours, theirs);
            Assert.InRange(Distance(ours), 0, Distance(theirs));
            Assert.InRange(Snr(ours), Snr(theirs), 35);
        }
    }

    // The signal to error ratio of what was lost, the spectral distance of the whole.
    private static (double, double) Judge(short[] voice, short[] heard, bool[] lost, int packet, int sampleRateHz)
    {
        var segment = sampleRateHz / 50;
        return (SegmentalSnr.Of(voice, heard, sampleRateHz, at => lost.AsSpan((at * segment / packet)..(((at + 1) * segment - 1) / packet + 1)).Contains(true)), SpectralDistance.Db(voice, heard, sampleRateHz));
    }

    private void Report(string name, string other, List<(double Snr, double Distance)> ours, List<(double Snr, double Distance)> theirs) =>
        output.WriteLine($"{name}: lost segments {Snr(ours):F2} dB, {other} {Snr(theirs):F2} dB; spectral distance {Distance(ours):F3} dB, {other} {Distance(theirs):F3} dB");

    // A recording may have lost nothing.
    private static double Snr(List<(double Snr, double Distance)> results) => results.Where(static r => !double.IsNaN(r.Snr)).Average(static r => r.Snr);

    private static double Distance(List<(double Snr, double Distance)> results) => results.Average(static r => r.Distance);

    private static readonly (string Name, Func<int, int, bool[]> Losses)[] Patterns =
    [
        ("1 % at random", static (packets, seed) => LossyLine.Random(packets, 0.01, seed)),
        ("5 % at random", static (packets, seed) => LossyLine.Random(packets, 0.05, seed)),
        ("20 % at random", static (packets, seed) => LossyLine.Random(packets, 0.2, seed)),
        ("5 % in bursts of 3", static (packets, seed) => LossyLine.Bursts(packets, 0.05, 3, seed)),
    ];
}
