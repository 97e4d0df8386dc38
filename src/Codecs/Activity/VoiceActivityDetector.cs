namespace VoiceGateway.Codecs;

/// <summary>
/// Tells when someone starts and stops speaking, in a stream of 16-bit mono PCM of any chunk length. One instance a stream;
/// not thread-safe. Nothing is allocated after construction.
/// </summary>
/// <remarks>
/// <code>
/// pcm -> 10 ms frames -> speech band -> level ----> above noise floor for 40 ms -> periodic? -> SpeechStarted
///                             |           |-> noise floor (minimum of 1.6 s)
///                             '-> periodicity (only asked at an onset)
/// </code>
/// Sound above the floor is not enough to start speech, for at the start of a call the floor is not known yet, and a noise
/// that sets in is above the old one: the sound must also have a pitch. Once speech has started its unvoiced parts count too.
/// <see cref="IsOnset"/> tells within one frame, and is wrong about every click.
/// </remarks>
public sealed class VoiceActivityDetector
{
    private const int FrameMs = 10;

    // An idle analogue line or the noise of A-law around zero; also what a line is taken for at first.
    private const float QuietestFloorDbov = -65;

    // A click rings on in the filter and the room, but decays; speech holds its level for longer than an onset.
    private const float LargestDecayDb = 15;

    // Noise looks periodic for a moment now and then, but seldom in two frames in a row.
    private const int PeriodicFrames = 2;

    // The least level of late rises by this much a frame: a noise that has set in is no onset any more after half a second.
    private const float RecentRiseDb = 0.5f;

    private const float SilenceFallDb = 3;

    // A sound that falls off ends below the mask that it rose above.
    private const float MaskHysteresisDb = 3;

    private readonly VoiceActivityOptions _options;
    private readonly SpeechBandFilter _band;
    private readonly NoiseFloor _floor;
    private readonly Periodicity _periodicity;
    private readonly float[] _frame;
    private readonly int _onsetFrames;
    private readonly int _hangoverFrames;

    private int _filled;
    private int _loudFrames;
    private int _periodicFrames;
    private int _quietFrames;
    private float _onsetPeakDbov;
    private float _recentDbov = float.PositiveInfinity;

    /// <param name="sampleRateHz">8000, 12000, 16000, 24000, 32000 or 48000; 8000 costs least and tells as much.</param>
    /// <param name="options">Null for the defaults.</param>
    public VoiceActivityDetector(int sampleRateHz, VoiceActivityOptions? options = null)
    {
        if (sampleRateHz is not (8000 or 12000 or 16000 or 24000 or 32000 or 48000))
            throw new ArgumentOutOfRangeException(nameof(sampleRateHz), sampleRateHz, "8000, 12000, 16000, 24000, 32000 or 48000 Hz.");
        _options = options ?? new VoiceActivityOptions();
        _options.Validate();

        SampleRateHz = sampleRateHz;
        _band = new SpeechBandFilter(sampleRateHz);
        _floor = new NoiseFloor(_options.NoiseWindowMs / FrameMs, QuietestFloorDbov);
        _periodicity = new Periodicity(sampleRateHz);
        _frame = new float[sampleRateHz / 1000 * FrameMs];
        _onsetFrames = (_options.OnsetMs + FrameMs - 1) / FrameMs;
        _hangoverFrames = (_options.HangoverMs + FrameMs - 1) / FrameMs;
    }

    public int SampleRateHz { get; }

    public bool IsSpeech { get; private set; }

    /// <summary>
    /// The last frame stood out against the noise floor and against the last half second. Speech is not certain, as with
    /// <see cref="IsSpeech"/>, but known 30 ms sooner.
    /// </summary>
    public bool IsOnset { get; private set; }

    /// <summary>How long speech has paused: for less than the hangover. 0 while it sounds, and when there is none.</summary>
    public int PauseMs => _quietFrames * FrameMs;

    /// <summary>Level of the last whole frame within the speech band; negative infinity for digital silence. Full-scale sine: -3.</summary>
    public float LevelDbov { get; private set; } = float.NegativeInfinity;

    /// <summary>The noise floor within the speech band, as estimated now.</summary>
    public float NoiseFloorDbov => _floor.Dbov;

    /// <summary>Takes the next samples in.</summary>
    /// <param name="pcm">Of any length.</param>
    /// <param name="maskDbov">Only what is louder than this may be speech: the level of an echo, for instance.</param>
    /// <returns>The last change within the chunk; <see cref="IsSpeech"/> is the state after it.</returns>
    public VoiceActivity Process(ReadOnlySpan<short> pcm, float maskDbov = float.NegativeInfinity)
    {
        var change = VoiceActivity.Unchanged;
        while (!pcm.IsEmpty)
        {
            var take = Math.Min(pcm.Length, _frame.Length - _filled);
            VectorMath.ToSingle(pcm[..take], _frame.AsSpan(_filled));
            pcm = pcm[take..];
            _filled += take;
            if (_filled < _frame.Length)
                break;

            _filled = 0;
            if (ProcessFrame(maskDbov) is var frameChange and not VoiceActivity.Unchanged)
                change = frameChange;
        }
        return change;
    }

    /// <summary>Forgets the stream so far, the noise floor included.</summary>
    public void Reset()
    {
        _band.Reset();
        _floor.Reset();
        _periodicity.Reset();
        _filled = _loudFrames = _periodicFrames = _quietFrames = 0;
        IsSpeech = IsOnset = false;
        LevelDbov = float.NegativeInfinity;
        _recentDbov = float.PositiveInfinity;
    }

    private VoiceActivity ProcessFrame(float maskDbov)
    {
        _band.Process(_frame);
        _periodicity.Append(_frame);
        var power = VectorMath.Dot(_frame, _frame) / _frame.Length;
        LevelDbov = 10 * MathF.Log10(power);

        // Against the floor as it was before this frame: a frame must not be its own reference.
        var overFloorDb = LevelDbov - _floor.Dbov;
        _floor.Update(power);
        IsOnset = IsAudible(overFloorDb, maskDbov) && LevelDbov >= _recentDbov + _options.OnsetThresholdDb;
        FollowRecent(power);
        return IsSpeech
            ? WaitForEnd(overFloorDb >= _options.ReleaseThresholdDb && LevelDbov >= maskDbov - MaskHysteresisDb)
            : WaitForStart(IsAudible(overFloorDb, maskDbov));
    }

    private bool IsAudible(float overFloorDb, float maskDbov) =>
        overFloorDb >= _options.OnsetThresholdDb && LevelDbov >= Math.Max(_options.MinimumLevelDbov, maskDbov);

    // Digital silence may stand for what did not arrive, and says little about the line: a packet of it changes nothing, many do.
    private void FollowRecent(float power)
    {
        if (float.IsPositiveInfinity(_recentDbov))
            _recentDbov = 0;
        var least = power > 0 ? LevelDbov : _recentDbov - SilenceFallDb;
        _recentDbov = Math.Max(QuietestFloorDbov, Math.Min(least, _recentDbov + RecentRiseDb));
    }

    private VoiceActivity WaitForStart(bool audible)
    {
        if (!audible)
            return StopOnset();

        if (_loudFrames == 0)
            _onsetPeakDbov = LevelDbov;
        _onsetPeakDbov = Math.Max(_onsetPeakDbov, LevelDbov);
        if (LevelDbov < _onsetPeakDbov - LargestDecayDb)
            return StopOnset();

        // Asked only in the last frames of an onset, for it costs more than all the rest.
        _loudFrames++;
        if (_loudFrames > _onsetFrames - PeriodicFrames)
            _periodicFrames = _periodicity.Measure() >= _options.MinimumPeriodicity ? _periodicFrames + 1 : 0;
        if (_loudFrames < _onsetFrames || _periodicFrames < Math.Min(PeriodicFrames, _onsetFrames))
            return VoiceActivity.Unchanged;

        IsSpeech = true;
        StopOnset();
        _quietFrames = 0;
        return VoiceActivity.SpeechStarted;
    }

    private VoiceActivity StopOnset()
    {
        _loudFrames = _periodicFrames = 0;
        return VoiceActivity.Unchanged;
    }

    private VoiceActivity WaitForEnd(bool audible)
    {
        if (audible)
        {
            _quietFrames = 0;
            return VoiceActivity.Unchanged;
        }

        if (++_quietFrames < _hangoverFrames)
            return VoiceActivity.Unchanged;

        IsSpeech = false;
        _quietFrames = 0;
        return VoiceActivity.SpeechEnded;
    }
}
