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
    private const int Margin = Pause / 2;

    // A quarter of the recogniser's frame. Neither its frames nor the packets lie alike in any two lines: one alignment alone favours some words.
    private const int PerLine = 5 * SamplesPerMs / 2;

    private readonly List<(int Start, int End)> _places = [];
    private readonly int _firstSound;
    private readonly int _before;

    /// <param name="recordings">8 kHz.</param>
    /// <param name="line">Its pauses are a little longer than those of the line before.</param>
    public SpokenSentences(IEnumerable<short[]> recordings, int line)
    {
        _before = Margin + line * PerLine;
        var pcm = new List<short>();
        foreach (var recording in recordings)
        {
            pcm.AddRange(new short[Pause + line * PerLine]);
            _places.Add((pcm.Count, pcm.Count + recording.Length));
            pcm.AddRange(recording);
        }
        _firstSound = pcm.FindIndex(static s => s != 0);
        Clip = SpeechClip.FromPcm([.. pcm], 8000);
    }

    public SpeechClip Clip { get; }

    /// <param name="sent">As <see cref="SentVoice.AsHeard"/> has it: from the first sound.</param>
    /// <returns>Each sentence.</returns>
    public short[][] Cut(short[] sent) => Cut(sent, static _ => 0);

    /// <param name="sent">As a perfect line would have brought it, from the first sound.</param>
    /// <param name="heard">What came, of any length and from anywhere: with all that was filled in and left out.</param>
    /// <returns>Each sentence.</returns>
    public short[][] Cut(short[] sent, short[] heard) => Cut(heard, new TimeMap(sent, heard).DelayAt);

    private short[][] Cut(short[] pcm, Func<int, int> delayAt) => [.. _places.Select(place =>
    {
        var (start, end) = (2 * (place.Start - _firstSound), 2 * (place.End - _firstSound));
        return Part(pcm, start + delayAt(start) - 2 * _before, end + delayAt(end) + 2 * Margin);
    })];

    // Beyond its ends there is silence.
    private static short[] Part(short[] pcm, int from, int to)
    {
        var part = new short[to - from];
        var (first, last) = (Math.Clamp(from, 0, pcm.Length), Math.Clamp(to, 0, pcm.Length));
        pcm.AsSpan(first..last).CopyTo(part.AsSpan(first - from));
        return part;
    }
}
