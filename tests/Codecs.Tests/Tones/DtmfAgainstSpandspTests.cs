using Xunit.Abstractions;

namespace VoiceGateway.Codecs.Tests;

public sealed class DtmfAgainstSpandspTests(ITestOutputHelper output)
{
    private const string Digits = DtmfLine.Digits;

    [SkippableFact]
    public void ItsDigits_AreHeardHere()
    {
        Spandsp.Require();
        foreach (var (level, twist, tone, pause) in new[] { (-10, 0, 50, 55), (-4, 0, 40, 40), (-25, 3, 70, 40), (-30, -6, 100, 100) })
            Assert.Equal(Digits, DtmfLine.Hear(DtmfLine.ThroughMuLaw(SpandspDtmf.Send(Digits, level, twist, tone, pause))));
    }

    [SkippableFact]
    public void OurDigits_AreHeardThere()
    {
        Spandsp.Require();
        foreach (var (level, twist, tone, pause) in new[] { (-9, 2, 100, 80), (-9, 2, 50, 50), (-20, 0, 60, 50), (-7, -3, 80, 60) })
        {
            var generator = new DtmfGenerator(8000, level, twist);
            var pcm = new List<short>();
            var frame = new short[160];
            foreach (var digit in Digits)
                for (generator.Start(digit, tone, pause); generator.IsActive; pcm.AddRange(frame)) generator.Fill(frame);
            pcm.AddRange(new short[1600]);
            Assert.Equal(Digits, SpandspDtmf.Hear(DtmfLine.ThroughMuLaw([.. pcm])));
        }
    }

    /// <summary>The same tones in the same noise to both.</summary>
    [SkippableFact]
    public void InNoise_NoFewerAreHeardThanThere()
    {
        Spandsp.Require();
        foreach (var snr in new[] { 15, 12, 10, 8 })
        {
            var (here, there, sent) = (0, 0, 0);
            for (var seed = 0; seed < 40; seed++)
            {
                var pcm = Signal.Concat([new short[160 + seed], .. Digits.Select(d => Signal.Concat(DtmfLine.Tone(d, 45, -13, -13, phase: seed), new short[8 * 45])), new short[800]]);
                pcm = Signal.Add(pcm, Signal.WhiteNoise(-10 - snr + DtmfTones.Dbm0InDbov, pcm.Length, seed));
                here += InOrder(DtmfLine.HearAll(pcm));
                there += InOrder(SpandspDtmf.Hear(pcm));
                sent += Digits.Length;
            }
            output.WriteLine($"{snr} dB: {here} of {sent} heard here, {there} by spandsp");
            if (snr >= 12) Assert.InRange(here, there, sent);
        }
    }

    // Digits of the sequence that were heard in their order.
    private static int InOrder(string heard)
    {
        var (count, at) = (0, 0);
        foreach (var digit in Digits)
            if (heard.IndexOf(digit, at) is >= 0 and var found) (count, at) = (count + 1, found + 1);
        return count;
    }
}
