using System.Runtime.CompilerServices;

namespace VoiceGateway.Codecs;

/// <summary>
/// The level of one direction of a call. Without delay, except what a filter of yours adds; chunks of any length give what the
/// whole would. One instance a direction, one thread, nothing allocated after construction.
/// <code>pcm ─▶ HighPass ─▶ your IVoiceFilter ─▶ Gain ─▶ AutomaticGain ─▶ Limiter ─▶ pcm, in place</code>
/// </summary>
/// <remarks>
/// What is not asked for is not in the way. Where nothing is, not one bit changes; where only gain of 0 dB and the limiter
/// are, none below the limiter's ceiling.
/// </remarks>
public sealed class LevelControl
{
    private const int MaxBlock = 160;

    private readonly IVoiceFilter[] _stages;
    private readonly int _block;

    /// <param name="sampleRateHz">8000 or 16000.</param>
    /// <param name="options">Null for the defaults, which do nothing.</param>
    /// <param name="denoiser">Or whatever else is to hear the voice first. It may be null.</param>
    public LevelControl(int sampleRateHz, LevelOptions? options = null, IVoiceFilter? denoiser = null)
    {
        if (sampleRateHz is not (8000 or 16000))
            throw new ArgumentOutOfRangeException(nameof(sampleRateHz), sampleRateHz, "8000 or 16000 Hz.");
        options ??= new LevelOptions();
        options.Validate();
        _block = sampleRateHz / 100;

        var stages = new List<IVoiceFilter>();
        if (options.HighPass) stages.Add(new HighPass(sampleRateHz));
        if (denoiser is not null) stages.Add(denoiser);
        if (options.GainDb != 0) stages.Add(new Gain(options.GainDb));
        if (options.AutomaticGain) stages.Add(new AutomaticGain(sampleRateHz, options.TargetDbov));
        if (stages.Count > 0) stages.Add(new Limiter(sampleRateHz));
        _stages = [.. stages];
    }

    /// <summary>False: <see cref="Process"/> returns at once.</summary>
    public bool IsActive => _stages.Length > 0;

    /// <summary>Of another that ends here, of another rate perhaps: what its automatic gain had learnt of the voice. Filters begin anew.</summary>
    public void GoOnFrom(LevelControl other)
    {
        if (_stages.OfType<AutomaticGain>().FirstOrDefault() is { } gain && other._stages.OfType<AutomaticGain>().FirstOrDefault() is { } before)
            gain.GoOnFrom(before);
    }

    [SkipLocalsInit]
    public void Process(Span<short> pcm)
    {
        if (_stages.Length == 0) return;
        Span<float> block = stackalloc float[MaxBlock];
        for (var rest = pcm; rest.Length > 0;)
        {
            var part = rest[..Math.Min(rest.Length, _block)];
            var samples = block[..part.Length];
            VectorMath.ToSingle(part, samples);
            foreach (var stage in _stages) stage.Process(samples);
            Rounding.ToInt16(samples, part);
            rest = rest[part.Length..];
        }
    }

    public override string ToString() => IsActive ? string.Join(" -> ", _stages.AsEnumerable()) : "Level(as it is)";
}
