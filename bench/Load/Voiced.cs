namespace VoiceGateway.Load;

/// <summary>
/// Speech without its pauses, so that sound and silence can be told apart at both ends by nothing but the level, also while the gateway
/// ducks it; and every utterance begins at once.
/// </summary>
internal static class Voiced
{
    // Half of an RTP packet: whatever a packet holds of the speech, one whole piece is in it.
    private const int PieceMs = 10;

    // Of what a telephone carries: -22 dBov at the loudest sample. Ducked by 14 dB it is 6 dB above what is taken for silence.
    private const int Quietest = 2500;

    // Of a beginning: it is the moment that delays are measured by.
    private const int Loud = 4000;

    private const int TelephoneRateHz = 8000;

    /// <returns>The pieces in which somebody is heard, one behind the other.</returns>
    public static short[] Keep(IEnumerable<short[]> lines, int sampleRateHz)
    {
        var piece = sampleRateHz * PieceMs / 1000;
        return [.. lines.SelectMany(pcm => pcm.Chunk(piece)).Where(p => p.Length == piece && Peak(p, sampleRateHz) >= Quietest).SelectMany(static p => p)];
    }

    /// <summary>Frames of 20 ms that are loud from their first quarter on.</summary>
    public static int[] Onsets(short[] pcm, int sampleRateHz)
    {
        var frame = 2 * sampleRateHz * PieceMs / 1000;
        return [.. Enumerable.Range(0, pcm.Length / frame).Where(f => Peak(pcm.AsSpan(f * frame, frame / 4), sampleRateHz) >= Loud)];
    }

    // The mean over a telephone's sample keeps a hiss from counting that no telephone carries.
    private static int Peak(ReadOnlySpan<short> pcm, int sampleRateHz)
    {
        var step = sampleRateHz / TelephoneRateHz;
        var peak = 0;
        for (var at = 0; at <= pcm.Length - step; at += step)
        {
            var sum = 0;
            foreach (var sample in pcm.Slice(at, step)) sum += sample;
            peak = Math.Max(peak, Math.Abs(sum / step));
        }
        return peak;
    }
}
