using VoiceGateway.Codecs;
using VoiceGateway.Rtp;

namespace VoiceGateway.Media;

/// <summary>Keys that are sent as tones within the audio (ITU-T Q.23), one after the other. <see cref="TryQueue"/> and <see cref="Drop"/> from any thread, the rest on the clock's.</summary>
internal sealed class KeyTones
{
    // As the events that they stand in for.
    private const int PauseMs = 80;

    private DigitQueue<(char Digit, int ToneMs)> _waiting;
    private DtmfGenerator? _generator;
    private int _rateHz;
    private volatile bool _sounding;
    private volatile bool _dropped;

    /// <summary>A key sounds, or its pause lasts.</summary>
    public bool IsSounding => _sounding;

    /// <summary>None sounds, and none waits. From any thread, as a snapshot.</summary>
    public bool IsIdle => _waiting.IsEmpty && (!_sounding || _dropped);

    /// <param name="digit">0-9, *, #, A-D.</param>
    /// <param name="toneMs">40 and more.</param>
    /// <returns>False: too many wait.</returns>
    public bool TryQueue(char digit, int toneMs) => _waiting.TryAdd((digit, toneMs));

    /// <summary>Forgets what waits.</summary>
    /// <param name="begunToo">What is left of the key that sounds too: after a hold it would be another key.</param>
    public void Drop(bool begunToo)
    {
        _waiting.Clear();
        if (begunToo) _dropped = true;
    }

    /// <summary>Fills a frame as long as keys sound.</summary>
    /// <returns>False: none does, and nothing was changed.</returns>
    public bool TryFill(Span<short> frame, int sampleRateHz)
    {
        // Its generator is left behind.
        if (_dropped) (_dropped, _sounding, _rateHz) = (false, false, 0);
        if (!_sounding && _waiting.IsEmpty) return false;
        _sounding = true;
        var filled = 0;
        while (filled < frame.Length && (IsActive(sampleRateHz) || TryBegin(sampleRateHz))) filled += _generator!.Fill(frame[filled..]);
        frame[filled..].Clear();
        if (!_generator!.IsActive && _waiting.IsEmpty) _sounding = false;
        return true;
    }

    // A key that began at another rate ends with it.
    private bool IsActive(int sampleRateHz) => _rateHz == sampleRateHz && _generator is { IsActive: true };

    private bool TryBegin(int sampleRateHz)
    {
        if (_rateHz != sampleRateHz) (_generator, _rateHz) = (new DtmfGenerator(sampleRateHz), sampleRateHz);
        return _waiting.TryTake(out var next) && _generator!.Start(next.Digit, next.ToneMs, PauseMs);
    }
}
