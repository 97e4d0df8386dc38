using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>
/// For a peer whose jitter buffer takes a frame out, or puts one in, while it settles: the line is then shifted against itself, which
/// would count as noise from there on. Judged are pieces of a third of a second, each where it is.
/// </summary>
internal static class HeardInParts
{
    private const int PartSamples = 8000 / 3;
    private const int MostShiftSamples = 8000 / 5;

    /// <summary>The share of the pieces that are as clean as one G.711 encoding leaves them, 0 to 1.</summary>
    public static double ShareHeardClean(this SpokenLine line, short[] recording8kHz)
    {
        var delay = Alignment.FindDelay(line.Pcm8kHz, recording8kHz);
        var (clean, parts) = (0, 0);
        for (var start = 0; start + PartSamples <= line.Pcm8kHz.Length; start += PartSamples)
        {
            var part = line.Pcm8kHz.AsSpan(start, PartSamples);
            if (IsPause(part)) continue;
            var from = Math.Max(0, delay + start - MostShiftSamples);
            var to = Math.Min(recording8kHz.Length, delay + start + PartSamples + MostShiftSamples);
            parts++;
            if (to - from >= PartSamples + MostShiftSamples && IsClean(part, recording8kHz.AsSpan(from, to - from))) clean++;
        }
        return (double)clean / parts;
    }

    private static bool IsClean(ReadOnlySpan<short> part, ReadOnlySpan<short> around)
    {
        var at = Alignment.FindDelay(part, around);
        return at + PartSamples <= around.Length && Alignment.SignalToNoiseDb(part, around, 8000) >= Hearing.CleanDb;
    }

    private static bool IsPause(ReadOnlySpan<short> part)
    {
        double power = 0;
        foreach (var sample in part) power += sample * sample;
        return power / part.Length < 300 * 300;
    }
}
