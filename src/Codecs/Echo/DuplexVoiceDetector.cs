namespace VoiceGateway.Codecs;

/// <summary>
/// Hears the caller on a line on which we speak ourselves: voice activity on what is left without our echo, and the echo kept
/// from whoever listens behind. Where no echo is found what is heard is not touched, bit by bit. 8 kHz mono; one instance a call, one thread, nothing allocated after construction.
/// <code>
///   heard ─▶ EchoCanceller ─▶ residual, mask ─▶ VoiceActivityDetector ─▶ onset, speech
///                                 └─▶ [found, and echo only? down by 30 dB, in short ramps] ─▶ heard, in place
/// </code>
/// </summary>
public sealed class DuplexVoiceDetector
{
    // Echo that is left is below what any detector behind takes for speech, and the line is not dead.
    private const float SuppressedGain = 0.03f;

    // Between words of the caller's the way stays open.
    private const int OpenMs = 150;

    // 2 ms up, so that no first sound is lost; 10 ms down.
    private const int OpeningSamples = 16;

    private readonly bool _suppresses;
    private readonly EchoCanceller _echo;
    private readonly VoiceActivityDetector _voice;
    private float _gain = 1;
    private int _openMs;
    private int _onsetBlocks;

    /// <param name="options">Null for the defaults.</param>
    /// <param name="suppressEcho">False: what is heard is never changed.</param>
    public DuplexVoiceDetector(VoiceActivityOptions? options = null, bool suppressEcho = true)
    {
        _suppresses = suppressEcho;
        _voice = new VoiceActivityDetector(8000, options);
        _echo = new EchoCanceller();
    }

    public EchoCanceller Echo => _echo;

    /// <summary>The caller speaks, until the end of the hangover.</summary>
    public bool IsSpeech => _voice.IsSpeech;

    /// <summary>The caller seems to begin to speak: sooner than <see cref="IsSpeech"/>, and less surely. As of the last chunk.</summary>
    public bool IsOnset { get; private set; }

    /// <inheritdoc cref="VoiceActivityDetector.PauseMs"/>
    public int PauseMs => _voice.PauseMs;

    /// <summary>
    /// What may pass of the band above 4 kHz, which is not heard here, beside the last chunk: 1 where nothing was changed, 0 where echo was taken out.
    /// </summary>
    public float HighBandGain { get; private set; } = 1;

    /// <summary>Chunks in which echo was suppressed.</summary>
    public long SuppressedBlocks { get; private set; }

    /// <summary>What was sent, as it left: 20 ms after 20 ms.</summary>
    public void Sent(ReadOnlySpan<short> pcm) => _echo.Sent(pcm);

    /// <param name="pcm">What is heard, of any length; echo is taken out in place.</param>
    /// <returns>The last change within the chunk.</returns>
    public VoiceActivity Process(Span<short> pcm)
    {
        var change = VoiceActivity.Unchanged;
        (IsOnset, HighBandGain) = (false, 1);
        for (var rest = pcm; rest.Length > 0; rest = rest[Math.Min(rest.Length, EchoCanceller.BlockSamples)..])
            if (ProcessBlock(rest[..Math.Min(rest.Length, EchoCanceller.BlockSamples)]) is var blockChange and not VoiceActivity.Unchanged)
                change = blockChange;
        return change;
    }

    /// <summary>The line is not heard any more: what is known of its echo is forgotten, and what that took is given back.</summary>
    public void Reset() => _echo.Reset();

    private VoiceActivity ProcessBlock(Span<short> pcm)
    {
        Span<short> residual = stackalloc short[EchoCanceller.BlockSamples];
        residual = residual[..pcm.Length];
        _echo.Process(pcm, residual, _voice.IsSpeech && _voice.PauseMs < OpenMs);
        var change = _voice.Process(residual, _echo.MaskDbov);
        _onsetBlocks = _voice.IsOnset ? _onsetBlocks + 1 : 0;
        // Over an echo it takes a second frame: the echo foretold is never quite the echo.
        var onset = _onsetBlocks >= (_echo.Expected ? 2 : 1);
        IsOnset |= onset;

        var speaks = onset || (_voice.IsSpeech && _voice.PauseMs == 0);
        _openMs = speaks ? OpenMs : Math.Max(0, _openMs - 10);
        if (!_suppresses) return change;
        HighBandGain = Math.Min(HighBandGain, _echo is { Found: true, Expected: true } ? 0 : _gain);
        if (_echo.Found) residual.CopyTo(pcm);
        // Louder than the echo can be is let through even before it has proved to be speech.
        var open = !_echo.Found || _openMs > 0 || !_echo.Expected || _voice.LevelDbov > _echo.MaskDbov;
        Apply(pcm, open ? 1 : SuppressedGain);
        if (!open) SuppressedBlocks++;
        return change;
    }

    private void Apply(Span<short> pcm, float target)
    {
        if (_gain == 1 && target == 1) return;
        var ramp = target > _gain ? Math.Min(OpeningSamples, pcm.Length) : pcm.Length;
        var step = (target - _gain) / ramp;
        for (var i = 0; i < pcm.Length; i++)
        {
            _gain = i < ramp - 1 ? _gain + step : target;
            pcm[i] = (short)(pcm[i] * _gain);
        }
    }
}
