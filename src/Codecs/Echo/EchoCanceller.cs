namespace VoiceGateway.Codecs;

/// <summary>
/// Takes the echo of what was sent out of what is heard, and tells how loud a sound must be to be more than that echo. 8 kHz mono.
/// <code>
///   sent ─▶ last 0.5 s ─┬─▶ proof over the whole band ─▶ found, delay ─┬─▶ correlation at 2 kHz: does it stay?
///                       └─▶ adaptive filter, 64 ms at that delay ◀─────┘
///                                        └─▶ echo foretold
///   heard ──────────────────────────────────────▶ (-) ─▶ residual, mask
/// </code>
/// Nothing is taken out until an echo is proven. Until it is known whether there is one, the mask reckons with an echo as loud as
/// the worst that is provided for, at any delay; a line that gives nothing back while we speak is soon known to have none. One thread.
/// </summary>
public sealed class EchoCanceller
{
    /// <summary>The most that one call of <see cref="Process"/> takes: 10 ms.</summary>
    public const int BlockSamples = EchoReference.BlockSamples;

    // The filter begins this much before the delay that was found: the peak is the strongest path, not always the first.
    private const int Lead = 96;

    private const int LongestDelay = 352 * 8;

    // Quieter than this (-60 dBov) nothing was sent that could come back.
    private const float ActivePower = 1e-6f;

    // By how much the echo of one sound may stand out over the mean of all: rooms and handsets do not treat all frequencies alike.
    private const float Margin = 4;
    private const float BoundMargin = 8;

    // The same for what the filter leaves of it.
    private const float ResidualMargin = 6;

    // The filter is never trusted further than this: -17 dB. From -6 dB on it has learned something.
    private const float LeastLeak = 0.02f;
    private const float LearnedLeak = 0.25f;
    private const float MostlyEcho = 0.4f;

    // Of what was foretold, and of how much of that came: 0.1 s.
    private const float Forgetting = 0.9f;

    // A room answers for a while: 9 dB less every 100 ms.
    private const float Reverberation = 0.82f;

    // Echo that is quieter than this (-58 dBov) is none: no line is as quiet, and no detector hears it.
    private const float InaudiblePower = 1.6e-6f;

    // -45 dB below the worst: no echo at all.
    private const float LeastGain = 3e-5f;

    // The noise of the line against the quietest 10 ms of the last second.
    private const float NoiseOverLeast = 2.5f;

    private const int BoundBlocks = 70;
    private const int BoundSentBlocks = 20;
    private const int GainBlocks = 30;
    private const int SearchBlocks = 4;
    private const int LookAgainBlocks = 256;

    // Searches that agree on another delay than the one that was proven.
    private const int Moved = 8;
    private const int SurelyMoved = 4;

    private readonly float _worstGain;
    private readonly EchoReference _sent = new();
    private readonly EchoProof _proof;
    private readonly PowerHistory _heardPowers = new();

    // There while an echo is.
    private EchoTracker? _tracker;

    private long _position;
    private long? _base;
    private int _astray;
    private int _blocks;
    private int _candidate;
    private int _agreed;
    private int _incoherent;
    private int _strange;
    private float _gainBound;
    private float _gain;
    private float _leak;
    private float _noise;
    private float _peak;
    private float _widePeak;
    private float _mix;
    private float _foretold;
    private float _came;

    /// <param name="worstReturnLossDb">The loudest echo that is reckoned with before anything is known.</param>
    public EchoCanceller(float worstReturnLossDb = 15)
    {
        _worstGain = MathF.Pow(10, -worstReturnLossDb / 10);
        _proof = new EchoProof(_sent);
        Reset();
    }

    /// <summary>An echo is proven to be there, and its delay is known.</summary>
    public bool Found => _tracker is not null;

    /// <summary>It is not yet known whether there is an echo.</summary>
    public bool Undecided => !Found && _gainBound > _worstGain * 0.01f;

    /// <summary>Nothing is rented.</summary>
    internal bool IsBare => _tracker is null && !_proof.IsSearching;

    // A proof costs more than all the rest. A line that is known to return nothing is looked at a quarter of the time: its
    // loudspeaker may be switched on.
    private bool Listens => Undecided || (_blocks & (LookAgainBlocks - 1)) < LookAgainBlocks / 4;

    /// <summary>From a sample's leaving to its coming back; meaningful while <see cref="Found"/>.</summary>
    public int DelayMs { get; private set; }

    /// <summary>How much weaker the echo is than what was sent: as measured, or at least.</summary>
    public float ReturnLossDb => -10 * MathF.Log10(Found ? _gain : _gainBound);

    /// <summary>How much weaker the residual of an echo is than the echo.</summary>
    public float EnhancementDb => -10 * MathF.Log10(_leak);

    /// <summary>A sound in the last block that is quieter than this may be echo; negative infinity when there is none now.</summary>
    public float MaskDbov { get; private set; } = float.NegativeInfinity;

    /// <summary>What was sent is coming back now, or may be.</summary>
    public bool Expected { get; private set; }

    /// <summary>20 ms as they leave.</summary>
    public void Sent(ReadOnlySpan<short> pcm)
    {
        _sent.Append(pcm);
        _tracker?.Estimator.Sent(pcm);
    }

    /// <param name="heard">At most <see cref="BlockSamples"/>.</param>
    /// <param name="residual">Receives what is left without the echo; the same samples until one is found.</param>
    /// <param name="callerSpeaks">As far as is known: the filter must not learn then.</param>
    public void Process(ReadOnlySpan<short> heard, Span<short> residual, bool callerSpeaks)
    {
        var position = Follow(heard.Length);
        var power = Power(heard);
        _heardPowers.Add(power);
        _blocks++;
        heard.CopyTo(residual);

        _widePeak = Math.Max(_sent.PeakPower(position - LongestDelay, position + BlockSamples), _widePeak * Reverberation);
        if (_widePeak < ActivePower)
        {
            (MaskDbov, Expected, _peak) = (float.NegativeInfinity, false, 0);
            return;
        }
        if (_tracker is { } tracker) Watch(tracker.Estimator, heard, position);
        if (Found ? !_proof.IsOnProbation : !Listens) _proof.Rest();
        else if (power > InaudiblePower) Prove(heard, position);
        if (_blocks % 2 == 0) BoundGain(position);

        var mask = _tracker is not null ? Cancel(_tracker, position, heard, residual, power, callerSpeaks) : Math.Min(_gainBound * BoundMargin, _worstGain * 2) * _widePeak;
        Expected = mask > InaudiblePower;
        MaskDbov = 10 * MathF.Log10(Math.Max(mask, 1e-12f));
    }

    /// <summary>Nothing is known any more: another party, another path, or none. All that was rented is given back.</summary>
    public void Reset()
    {
        Lose();
        (_strange, _peak) = (0, 0);
        (_gainBound, _gain, _leak) = (_worstGain, _worstGain, 1);
        MaskDbov = float.NegativeInfinity;
    }

    // Both directions are counted in samples, not by the clock: jitter of the packets moves neither. Only when they have come
    // apart for a second (a hold, a stalled clock) are they laid against each other anew.
    private long Follow(int samples)
    {
        _base ??= _sent.Position - _position;
        var position = _position + _base.Value;
        _position += samples;
        _astray = Math.Abs(position - _sent.Position) > 60 * 8 ? _astray + 1 : 0;
        if (_astray <= 100) return position;
        _base = _sent.Position - _position;
        _astray = 0;
        Lose();
        return _position + _base.Value - samples;
    }

    private void Prove(ReadOnlySpan<short> heard, long position)
    {
        _proof.Heard(heard, position, Undecided);
        if (_proof.IsRefuted) Lose();
        else if (!Found && _proof.IsProven)
        {
            _tracker = EchoTracker.Rent(_sent);
            Settle(_tracker, _proof.Delay);
            _gain = Math.Max(_gainBound, _worstGain * 1e-3f);
        }
    }

    // An echo that was found may go away, or come back later than before.
    private void Watch(EchoDelayEstimator estimator, ReadOnlySpan<short> heard, long position)
    {
        estimator.Heard(heard, position);
        if (_blocks % SearchBlocks != 0) return;
        estimator.Search();
        var coherence = estimator.Coherence;
        _incoherent = coherence < 0.1f ? _incoherent + 1 : 0;
        if (coherence < 0.3f)
        {
            _agreed = 0;
            // Ten seconds of our own voice in which nothing of it came back.
            if (_incoherent > 10_000 / (10 * SearchBlocks)) Lose();
            return;
        }
        _agreed = Math.Abs(estimator.Delay - _candidate) <= 16 ? _agreed + 1 : 1;
        _candidate = estimator.Delay;
        if (_agreed < (coherence > 0.6f ? SurelyMoved : Moved)) return;
        var known = DelayMs * 8;
        // Within the filter's reach it follows by itself.
        if (_tracker is not null && (_candidate <= known - Lead + 16 || _candidate >= known + AdaptiveFilter.Taps / 2)) Settle(_tracker, _candidate);
    }

    private void Settle(EchoTracker tracker, int delay)
    {
        DelayMs = delay / 8;
        tracker.Filter.Reset();
        _leak = 1;
    }

    private void Lose()
    {
        _proof.Forget();
        _tracker?.Return();
        _tracker = null;
        (_agreed, _incoherent, _mix) = (0, 0, 0);
    }

    // Whatever its delay, the echo of what was sent in the first part of the window has come back within the window: it cannot
    // have been louder than all that was heard.
    private void BoundGain(long position)
    {
        if (_blocks < BoundBlocks) return;
        var sent = _sent.SumOfPowers(position - (BoundBlocks - 1) * BlockSamples, position - (BoundBlocks - BoundSentBlocks) * BlockSamples);
        _noise = NoiseOverLeast * _heardPowers.Min(0, BoundBlocks, float.MaxValue);
        var heard = _heardPowers.SumAbove(0, BoundBlocks, _noise);
        if (sent > BoundSentBlocks * 3e-5f) _gainBound = Math.Min(_gainBound, Math.Max(heard / sent, _worstGain * LeastGain));
    }

    private float Cancel(EchoTracker tracker, long position, ReadOnlySpan<short> heard, Span<short> residual, float power, bool callerSpeaks)
    {
        var delayed = position - DelayMs * 8;
        _peak = Math.Max(_sent.PeakPower(delayed - 40 * 8, delayed + 20 * 8), _peak * Reverberation);
        if (_blocks % 10 == 0) MeasureGain(tracker.Estimator, delayed, callerSpeaks);

        Span<float> sent = stackalloc float[AdaptiveFilter.Taps + BlockSamples];
        Span<float> wanted = stackalloc float[BlockSamples];
        Span<float> echo = stackalloc float[BlockSamples];
        sent = sent[..(AdaptiveFilter.Taps + heard.Length)];
        wanted = wanted[..heard.Length];
        echo = echo[..heard.Length];
        _sent.Read(delayed + Lead - AdaptiveFilter.Taps, sent);
        VectorMath.ToSingle(heard, wanted);

        var raw = _gain * Margin * _peak;
        // Behind a pause the echo may come sooner or later than before: receivers set their playout anew with a talk spurt.
        if (raw < InaudiblePower) (_foretold, _came) = (0, 0);
        var likely = raw > ActivePower * 0.1f && power < raw;
        tracker.Filter.Process(sent, wanted, echo, !callerSpeaks && _peak > ActivePower ? likely ? _leak < LearnedLeak ? 0.25f : 0.6f : 0.1f : 0);

        var (error, foretold, product) = (0f, 0f, 0f);
        for (var i = 0; i < echo.Length; i++)
        {
            error += (wanted[i] - echo[i]) * (wanted[i] - echo[i]);
            foretold += echo[i] * echo[i];
            product += wanted[i] * echo[i];
        }
        var scale = 1 / (heard.Length * 32768f * 32768f);
        error *= scale;
        foretold *= scale;
        product *= scale;

        (_foretold, _came) = (Forgetting * _foretold + foretold, Forgetting * _came + product);
        var leak = LeakNow();

        // The part of what is heard that follows the foretold echo: near 1 in echo alone, falling as soon as the caller speaks.
        var likeness = product > 0 && power > 0 && foretold > 0 ? product * product / (power * foretold) : 0;
        Mix(wanted, echo, residual, error < power ? 1 : 0);
        var left = Math.Min(error, power);
        var foreseen = _gain * _peak;
        var ratio = Math.Max(0, left - _noise) / Math.Max(foreseen, 1e-9f);
        if (foreseen > 4 * _noise && (likeness > 0.6f || (!callerSpeaks && ratio < _leak * ResidualMargin / 2)))
            _leak += (ratio > _leak ? 0.2f : 0.02f) * (Math.Clamp(ratio, LeastLeak, 1) - _leak);

        // Echo that is not as foretold for a while: the path is another one. Everything is possible again.
        var coherent = tracker.Estimator.Coherence > 0.5f;
        _strange = coherent && likeness < 0.3f && error > power ? _strange + 1 : 0;
        if (_strange > 15)
        {
            (_strange, _leak) = (0, 1);
            tracker.Filter.Reset();
        }
        // More is left than there was: it foretells an echo that does not come. A caller alone cannot bring that about.
        if (error > 2 * power)
        {
            if (foreseen > 4 * _noise && !callerSpeaks) _leak += 0.05f * (1 - _leak);
            return raw;
        }
        var mask = Math.Min(raw, foreseen * leak * ResidualMargin);
        // A filter that has learned takes most of an echo away, and next to nothing of a caller.
        return leak < LearnedLeak && left < MostlyEcho * power ? Math.Max(mask, left * 2) : mask;
    }

    // The filter as it has proved lately, and as it proves now. A caller has nothing in common with what is foretold, so double talk leaves the
    // share that came at 1, while an echo that has moved lowers it at once: with the share p, |heard - foretold|² is 2 (1 - p) of |heard|².
    private float LeakNow() => Math.Max(_leak, _foretold > 0 ? Math.Min(1, 2 * (1 - _came / _foretold)) : 1);

    private void MeasureGain(EchoDelayEstimator estimator, long delayed, bool callerSpeaks)
    {
        if (_blocks < GainBlocks) return;
        var sent = _sent.SumOfPowers(delayed - (GainBlocks - 1) * BlockSamples, delayed);
        var heard = _heardPowers.SumAbove(0, GainBlocks, 0);
        if (sent < GainBlocks * 3e-5f) return;
        var gain = heard / sent;
        if (gain < _gain) _gain += 0.1f * (gain - _gain);
        else if (estimator.Coherence > 0.25f && !callerSpeaks) _gain += 0.2f * (Math.Min(gain, 1) - _gain);
    }

    private void Mix(ReadOnlySpan<float> heard, ReadOnlySpan<float> echo, Span<short> residual, float mix)
    {
        var step = (mix - _mix) / heard.Length;
        for (var i = 0; i < heard.Length; i++)
        {
            _mix += step;
            residual[i] = (short)Math.Clamp(heard[i] - _mix * echo[i], short.MinValue, short.MaxValue);
        }
        _mix = mix;
    }

    private static float Power(ReadOnlySpan<short> pcm) => pcm.IsEmpty ? 0 : VectorMath.SumOfSquares(pcm) / (pcm.Length * 32768f * 32768f);
}
