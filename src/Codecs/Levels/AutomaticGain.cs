using System.Globalization;
using System.Runtime.CompilerServices;

namespace VoiceGateway.Codecs;

/// <summary>
/// Brings a voice slowly to a level: by at most 12 dB up or down, 3 dB a second up and 6 dB down. Only speech counts; in pauses, noise
/// and silence the gain stays where it is, so that nothing is pumped up. One instance a stream.
/// </summary>
/// <remarks>
/// <code>
/// 10 ms ─▶ voice activity: speech, no pause? ─▶ mean power of the last 2 s of speech ─▶ gain wanted ─▶ slewed ─▶ next 10 ms, ramped
/// </code>
/// </remarks>
public sealed class AutomaticGain : IVoiceFilter
{
    private const int FrameMs = 10;
    private const int MaxFrame = 160;
    private const float MostDb = 12;
    private const float UpDbPerFrame = 0.03f;
    private const float DownDbPerFrame = 0.06f;

    // The mean is of at most 2 s of speech, and is believed after 0.3 s.
    private const int MeanFrames = 200;
    private const int LeastFrames = 30;

    private readonly VoiceActivityDetector _voice;
    private readonly int _frameSamples;
    private readonly float _targetDbov;
    private float _meanPower;
    private int _meanOf;
    private float _framePower;
    private int _inFrame;
    private float _gainDb;
    private float _gain = 1;
    private float _step;

    /// <param name="sampleRateHz">8000 or 16000.</param>
    /// <param name="targetDbov">Level of speech that is sought, pauses left out.</param>
    public AutomaticGain(int sampleRateHz, double targetDbov = -26)
    {
        _voice = new VoiceActivityDetector(sampleRateHz);
        _frameSamples = sampleRateHz / 1000 * FrameMs;
        _targetDbov = (float)targetDbov;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_frameSamples, MaxFrame, nameof(sampleRateHz));
    }

    /// <summary>What is added now.</summary>
    public double GainDb => _gainDb;

    /// <summary>Of the speech that came in, pauses left out; null as long as too little was heard.</summary>
    public double? SpeechLevelDbov => _meanOf < LeastFrames ? null : LevelDbov(_meanPower);

    /// <summary>Takes over the gain, and the level of speech that it comes from. Between chunks, of either rate.</summary>
    public void GoOnFrom(AutomaticGain other)
    {
        (_meanPower, _meanOf, _gainDb) = (other._meanPower, other._meanOf, other._gainDb);
        (_gain, _step) = (MathF.Pow(10, _gainDb / 20), 0);
    }

    public void Process(Span<float> pcm)
    {
        for (var rest = pcm; rest.Length > 0;)
        {
            var part = rest[..Math.Min(rest.Length, _frameSamples - _inFrame)];
            Listen(part);
            foreach (ref var sample in part)
            {
                _gain += _step;
                sample *= _gain;
            }
            _inFrame += part.Length;
            if (_inFrame == _frameSamples) EndFrame();
            rest = rest[part.Length..];
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"AutomaticGain({_targetDbov:0.#} dBov)");

    [SkipLocalsInit]
    private void Listen(ReadOnlySpan<float> pcm)
    {
        Span<short> rounded = stackalloc short[MaxFrame];
        rounded = rounded[..pcm.Length];
        Rounding.ToInt16(pcm, rounded);
        _voice.Process(rounded);
        // One sample after the other: chunks must not be seen in the result.
        foreach (var sample in pcm) _framePower += sample * sample;
    }

    private void EndFrame()
    {
        if (_voice.IsSpeech && _voice.PauseMs == 0)
        {
            _meanOf = Math.Min(_meanOf + 1, MeanFrames);
            _meanPower += (_framePower / _frameSamples - _meanPower) / _meanOf;
            if (_meanOf >= LeastFrames) Follow();
        }
        (_framePower, _inFrame) = (0, 0);
        // The ramp's end is set, not added up: errors must not.
        var target = _gainDb == 0 ? 1 : MathF.Pow(10, _gainDb / 20);
        _step = (target - _gain) / _frameSamples;
    }

    private void Follow()
    {
        var wanted = Math.Clamp(_targetDbov - LevelDbov(_meanPower), -MostDb, MostDb);
        _gainDb += Math.Clamp(wanted - _gainDb, -DownDbPerFrame, UpDbPerFrame);
    }

    private static float LevelDbov(float power) => 10 * MathF.Log10(power / (32768f * 32768f) + 1e-12f);
}
