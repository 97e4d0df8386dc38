using VoiceGateway.Codecs;

namespace VoiceGateway.IntegrationTests.Media;

/// <summary>The voices under tests/testdata/voices: 8 kHz mono.</summary>
internal static class TestVoice
{
    public static short[] Named(string name) => WavReader.Read(Path.Combine(Folder(), name + ".wav")).Samples;

    /// <summary>Brings the loud parts of a voice to a level in dBov.</summary>
    public static short[] At(double dbov, short[] pcm)
    {
        var peak = pcm.Max(static s => Math.Abs((double)s));
        var active = pcm.Where(s => Math.Abs((double)s) > peak / 30).Average(static s => (double)s * s);
        var gain = 32768 * Math.Pow(10, dbov / 20) / Math.Sqrt(active);
        return [.. pcm.Select(s => (short)Math.Clamp(s * gain, short.MinValue, short.MaxValue))];
    }

    /// <summary>Where the voice begins: the first 5 ms within 25 dB of the loudest.</summary>
    public static int Onset(short[] pcm)
    {
        var powers = pcm.Chunk(40).Select(static c => c.Sum(static s => (double)s * s)).ToArray();
        return Array.FindIndex(powers, p => p > powers.Max() / Math.Pow(10, 2.5)) * 40;
    }

    /// <summary>Silence before, and behind up to whole frames of 20 ms.</summary>
    public static short[] Padded(int before, short[] pcm)
    {
        var padded = new short[(before + pcm.Length + 159) / 160 * 160];
        pcm.CopyTo(padded, before);
        return padded;
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "tests", "testdata", "voices") is var voices && Directory.Exists(voices)) return voices;
        throw new DirectoryNotFoundException("tests/testdata/voices");
    }
}
