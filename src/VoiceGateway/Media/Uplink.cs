using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>
/// The caller's voice on its way to the model. In-order packets pass at once; the model is no loudspeaker, so no playout
/// delay is owed. The stream never stops: loss, silence suppression and hold are filled, 20 ms for 20 ms, with zeros, or with the noise
/// that the caller's side has described (RFC 3389).
/// <code>RTP ─▶ Reorder ─▶ Decode ─▶ [8 kHz: recording, echo, voice activity] ─▶ Resample(8000->16000) ─▶ 20 ms frames ─▶ Live</code>
/// Clock thread only.
/// </summary>
public sealed class Uplink(IUplinkSink sink)
{
    public const int FrameSamples16kHz = 320;

    private const int SamplesPerMs = 8;
    private const int FrameSamples8kHz = 20 * SamplesPerMs;

    // Jitter of a packet or two is no silence; after this the model is given zeros in its place.
    private const int PatienceMs = 60;

    // A hole longer than this has been filled by the clock already, or is a jump that no filling mends.
    private const int MaxFillSamples = 400 * SamplesPerMs;

    private const int SliceSamples = 60 * SamplesPerMs;

    private readonly ComfortNoise _noise = new();
    private readonly Resampler _resampler = Resampler.From8To16kHz();
    private readonly short[] _pcm8 = new short[SliceSamples];
    private readonly short[] _pcm16 = new short[2 * SliceSamples + 2];
    private readonly short[] _frame = new short[FrameSamples16kHz];
    private int _inFrame;
    private int _filledSamples;
    private int _longestPacketSamples = FrameSamples8kHz;
    private uint _silentSince;

    /// <summary>Zeros and noise that stood in for what did not arrive, in 8 kHz samples.</summary>
    public long FilledSamples { get; private set; }

    /// <summary>The caller's side suppresses silence, and has said so: nothing more need come until somebody speaks.</summary>
    public bool IsSilenceSuppressed { get; private set; }

    /// <param name="codec">Of the payload.</param>
    /// <param name="payload">Any number of milliseconds.</param>
    /// <param name="timestamp">Tells how long the suppressed silence before it was.</param>
    public void OnAudio(SpeechCodec codec, ReadOnlySpan<byte> payload, uint timestamp)
    {
        FillSilenceUpTo(timestamp);
        IsSilenceSuppressed = false;
        OnAudio(codec, payload);
    }

    public void OnAudio(SpeechCodec codec, ReadOnlySpan<byte> payload)
    {
        // Forgotten by a quarter of a millisecond a packet: the length may change with each.
        _longestPacketSamples = Math.Max(codec.MaxSamples(payload.Length), _longestPacketSamples - SamplesPerMs / 4);
        // Decoded in slices: a payload of any length, never a larger buffer.
        var slice = codec.PayloadBytes(SliceSamples);
        for (var rest = payload; rest.Length > 0; rest = rest[Math.Min(slice, rest.Length)..])
        {
            var samples = codec.Decode(rest[..Math.Min(slice, rest.Length)], _pcm8);
            Push(_pcm8.AsSpan(0, samples));
        }
        _filledSamples = 0;
    }

    /// <summary>Silence begins, or goes on with another sound.</summary>
    /// <param name="payload">Level and spectrum (RFC 3389).</param>
    /// <param name="timestamp">Where it has got to.</param>
    public void OnComfortNoise(ReadOnlySpan<byte> payload, uint timestamp)
    {
        FillSilenceUpTo(timestamp);
        _noise.Update(payload);
        (IsSilenceSuppressed, _silentSince, _filledSamples) = (true, timestamp, 0);
    }

    /// <summary>A hole of this many samples before the next packet.</summary>
    /// <returns>Samples filled now; the clock may have filled some of the hole already.</returns>
    public int OnLost(int samples)
    {
        // The timestamp of what comes next tells how long the silence was, whatever was lost in it.
        if (IsSilenceSuppressed) return 0;
        var owed = Math.Clamp(samples - _filledSamples, 0, MaxFillSamples);
        _filledSamples = 0;
        for (var rest = owed; rest > 0; rest -= FrameSamples8kHz) Fill(Math.Min(rest, FrameSamples8kHz));
        return owed;
    }

    /// <summary>A new stream: what was filled for the old one is no debt of the new.</summary>
    public void OnStreamChanged() => (_filledSamples, IsSilenceSuppressed) = (0, false);

    /// <summary>Every 20 ms.</summary>
    /// <param name="quietFor">From the last packet's arrival to when this tick was due; negative for a tick made up after a stall.</param>
    public void OnTick(TimeSpan quietFor)
    {
        // Packets of 100 ms leave longer pauses than those of 20. In announced silence nothing is waited for.
        var patienceMs = IsSilenceSuppressed ? (_filledSamples + FrameSamples8kHz) / SamplesPerMs : PatienceMs + Math.Max(0, _longestPacketSamples - FrameSamples8kHz) / SamplesPerMs;
        if (quietFor.TotalMilliseconds <= patienceMs) return;
        Fill(FrameSamples8kHz);
        _filledSamples += FrameSamples8kHz;
    }

    public override string ToString() => "RTP -> Reorder -> Decode -> Resample(8000->16000) -> Live";

    private void Fill(int samples)
    {
        FilledSamples += samples;
        var pcm = _pcm8.AsSpan(0, samples);
        if (IsSilenceSuppressed) _noise.Fill(pcm);
        else pcm.Clear();
        Push(pcm);
    }

    private void FillSilenceUpTo(uint timestamp)
    {
        if (!IsSilenceSuppressed) return;
        var owed = Math.Clamp((long)(int)(timestamp - _silentSince) - _filledSamples, 0, MaxFillSamples);
        for (var rest = (int)owed; rest > 0; rest -= FrameSamples8kHz) Fill(Math.Min(rest, FrameSamples8kHz));
    }

    private void Push(Span<short> pcm8)
    {
        sink.OnCallerPcm8kHz(pcm8);
        var rest = _pcm16.AsSpan(0, _resampler.Process(pcm8, _pcm16));
        while (rest.Length > 0)
        {
            var taken = Math.Min(rest.Length, FrameSamples16kHz - _inFrame);
            rest[..taken].CopyTo(_frame.AsSpan(_inFrame));
            rest = rest[taken..];
            _inFrame += taken;
            if (_inFrame < FrameSamples16kHz) continue;
            _inFrame = 0;
            sink.OnUplinkFrame(_frame);
        }
    }
}
