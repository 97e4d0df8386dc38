using VoiceGateway.Caller;

namespace VoiceGateway.Robustness;

/// <summary>
/// Some of the recorded sentences, one after the other as a caller says them, and where each is found in what came of them.
/// <code>
///   clip:   | pause | sentence | pause | sentence | …
///   cut:        |───────────────|  |───────────────|
/// </code>
/// </summary>
internal sealed class SpokenSentences
{
    private const int SamplesPerMs = 8;
    private const int Pause = 400 * SamplesPerMs;

    // At 16 kHz: half of a pause.
    private const int Margin = Pause;

    // A quarter of the recogniser's frame. Neither its frames nor the packets lie alike in any two lines: one alignment alone favours some words.
    private const int PerLine = 5 * SamplesPerMs / 2;

    // At 16 kHz, after the first sound.
    private readonly (int Start, int End)[] _places;
    private readonly int _before;

    /// <param name="recordings">8 kHz.</param>
    /// <param name="line">Its pauses are a little longer than those of the line before.</param>
    public SpokenSentences(IEnumerable<short[]> recordings, int line)
    {
        var pause = Pause + line * PerLine;
        _before = 2 * pause - Margin;
        var (pcm, places) = (new List<short>(), new List<(int Start, int End)>());
        foreach (var recording in recordings)
        {
            pcm.AddRange(new short[pause]);
            places.Add((pcm.Count, pcm.Count + recording.Length));
            pcm.AddRange(recording);
        }
        var firstSound = pcm.FindIndex(static s => s != 0);
        _places = [.. places.Select(place => (2 * (place.Start - firstSound), 2 * (place.End - firstSound)))];
        Clip = SpeechClip.FromPcm([.. pcm], 8000);
    }

    public SpeechClip Clip { get; }

    /// <param name="sent">As <see cref="SentVoice.AsHeard"/> has it: from the first sound.</param>
    /// <returns>Each sentence.</returns>
    public short[][] Cut(short[] sent) => [.. _places.Select(place => Part(sent, place, 0))];

    /// <param name="sent">As a perfect line would have brought it, from the first sound.</param>
    /// <param name="heard">What came, of any length and from anywhere: with all that was filled in and left out.</param>
    /// <returns>Each sentence.</returns>
    public short[][] Cut(short[] sent, short[] heard)
    {
        var map = new TimeMap(sent, heard);
        var delay = map.First;
        return [.. _places.Select(place => Part(heard, place, delay = map.DelayOf(Math.Max(0, place.Start), Math.Min(place.End, sent.Length), delay)))];
    }

    // Beyond its ends there is silence.
    private short[] Part(short[] pcm, (int Start, int End) place, int delay)
    {
        var (from, to) = (place.Start + delay - _before, place.End + delay + Margin);
        var part = new short[to - from];
        var (first, last) = (Math.Clamp(from, 0, pcm.Length), Math.Clamp(to, 0, pcm.Length));
        pcm.AsSpan(first..last).CopyTo(part.AsSpan(Math.Max(0, first - from)));
        return part;
    }
}
