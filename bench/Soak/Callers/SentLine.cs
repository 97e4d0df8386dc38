using VoiceGateway.Caller;

namespace VoiceGateway.Soak;

/// <summary>
/// Everything that a caller sent. A faint noise, different for every call and every moment, lies under it as in any room:
/// it makes each 20 ms recognisable, silence too, and is too quiet to be taken for speech.
/// </summary>
internal sealed class SentLine(int seed) : ICallerLine
{
    public const int FrameSamples = 160;
    public const int SampleRateHz = 8000;

    // -62 dBov, three steps of the companding law.
    private const double NoiseRms = 26;

    // -46 dBov: the recordings' pauses are far below, their quietest vowels above.
    private const double VoicedRms = 160;

    private readonly Random _random = new(seed);
    private readonly List<short> _samples = [];
    private readonly List<long> _sentAt = [];
    private readonly List<bool> _voiced = [];
    private double _low;

    public ReadOnlySpan<short> Samples => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_samples);

    public int Frames => _sentAt.Count;

    public long SentAt(int frame) => _sentAt[frame];

    public bool IsVoiced(int frame) => _voiced[frame];

    /// <summary>The number of frames that had been sent by then.</summary>
    public int FramesAt(long timestamp)
    {
        var index = _sentAt.BinarySearch(timestamp);
        return index >= 0 ? index + 1 : ~index;
    }

    /// <summary>The first frame of the utterance that was going on there, or had ended there.</summary>
    public int UtteranceBefore(int frame)
    {
        for (frame = Math.Min(frame, Frames - 1); frame > 0 && !_voiced[frame];) frame--;
        // Pauses between two utterances are longer, those within one are shorter.
        for (var pause = 0; frame > 0 && pause < 30; frame--) pause = _voiced[frame] ? 0 : pause + 1;
        return frame;
    }

    public void Carry(Span<short> frame, long now)
    {
        double energy = 0;
        foreach (var sample in frame) energy += (double)sample * sample;
        _voiced.Add(Math.Sqrt(energy / frame.Length) > VoicedRms);
        _sentAt.Add(now);
        for (var i = 0; i < frame.Length; i++)
        {
            // Below 2 kHz, where every filter on the way is flat.
            _low += 0.6 * (_random.NextDouble() * 2 - 1 - _low);
            frame[i] = (short)Math.Clamp(frame[i] + _low * NoiseRms / 0.38, short.MinValue, short.MaxValue);
        }
        _samples.AddRange(frame);
    }
}
