using System.Buffers;
using System.Runtime.InteropServices;
using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>
/// The agent's voice on its way to the caller. The model sends faster than real time and in bursts, so everything is queued,
/// as codec bytes, and leaves by the clock, a frame every 20 ms.
/// <code>
///   Live receive loop                                    clock thread
///   pcm 24 kHz ─▶ Resample(24000->8000) ─▶ Encode ─▶ │ queue │ ─▶ [gain] ─▶ RTP payload
/// </code>
/// <see cref="NextFrame(Span{byte})"/> belongs to the clock; everything else may come from any thread. The lock is this call's own and is held
/// for microseconds: a frame's copy, a chunk's resampling.
/// </summary>
public sealed class Playout : IDisposable
{
    public const int FrameMs = 20;

    // After running dry, wait for this much before going on: a word in two pieces is better than in ten.
    private const int RebufferMs = 60;

    // A turn whose end is never announced: what is left is played out after this.
    private const int RebufferPatienceMs = 400;

    private const int SliceSamples = 4800;

    // Down at once, without a click; up over a whole frame, nobody waits for it.
    private const int DuckRampMs = 8;

    private SpeechCodec _codec;
    private readonly Resampler _resampler = Resampler.From24To8kHz();
    private readonly short[] _resampled;
    private readonly byte[] _encoded;
    private readonly short[] _frame;
    private readonly PlayoutQueue _queue;
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private bool _generating;
    private bool _speaking;
    private bool _starving;
    private int _starvedFrames;
    private int _fadeBytes;
    private int _epoch;
    private long _queued;
    private long _played;
    private long _droppedSamples;
    private PlayoutFiller? _filler;

    private float _gain = 1;
    private float _targetGain = 1;

    public Playout(SpeechCodec codec, int maxSeconds, ArrayPool<byte>? pool = null)
    {
        _codec = codec;
        FrameSamples = codec.SampleRateHz * FrameMs / 1000;
        FrameBytes = codec.PayloadBytes(FrameSamples);
        _queue = new PlayoutQueue(codec.PayloadBytes(codec.SampleRateHz) * maxSeconds, pool ?? ArrayPool<byte>.Shared);
        _resampled = new short[_resampler.MaxOutputSamples(SliceSamples)];
        _encoded = new byte[codec.PayloadBytes(_resampled.Length)];
        _frame = new short[FrameSamples];
    }

    public SpeechCodec Codec => _codec;

    public int FrameSamples { get; }

    public int FrameBytes { get; }

    /// <summary>Samples (8 kHz) queued since the call began.</summary>
    public long QueuedSamples { get { lock (_gate) return _queued; } }

    /// <summary>The position in the same count that has left as RTP; jumps over what was cancelled.</summary>
    public long PlayedSamples { get { lock (_gate) return _played; } }

    public long DroppedSamples { get { lock (_gate) return _droppedSamples; } }

    /// <summary>Agent audio is leaving, or waits to.</summary>
    public bool IsAudible { get { lock (_gate) return _queue.Count > 0 || _speaking; } }

    /// <summary>A filler sounds, or will as soon as the agent falls silent. It is nobody's speech: <see cref="IsAudible"/> does not know of it.</summary>
    public bool IsFilling { get { lock (_gate) return _filler is not null; } }

    /// <summary>Moves on with every cut. Read before it is decided to play a chunk, it tells a chunk that was overtaken by a cut.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <param name="pcm24kHz">s16le, 24 kHz mono, any number of whole samples.</param>
    /// <param name="epoch"><see cref="Epoch"/> as it was; after a cut the chunk is left out.</param>
    public void Enqueue(ReadOnlySpan<byte> pcm24kHz, int epoch) => Enqueue(MemoryMarshal.Cast<byte, short>(pcm24kHz), epoch);

    public void Enqueue(ReadOnlySpan<short> pcm24kHz, int epoch)
    {
        for (var rest = pcm24kHz; rest.Length > 0; rest = rest[Math.Min(SliceSamples, rest.Length)..])
        {
            lock (_gate)
            {
                if (epoch != _epoch) return;
                Write(rest[..Math.Min(SliceSamples, rest.Length)]);
                _generating = true;
                if (_filler?.End() == true) _filler = null;
            }
        }
    }

    /// <summary>The model's turn is complete: the rest, less than a frame perhaps, may go.</summary>
    public void EndGeneration()
    {
        // The filter's delay still holds the last two milliseconds; zeros push them out.
        Span<short> tail = stackalloc short[96];
        tail.Clear();
        lock (_gate)
        {
            if (_generating) Write(tail);
            _generating = false;
        }
    }

    /// <summary>The model waits for something (a tool): that playout runs dry meanwhile is no underrun.</summary>
    public void Pause()
    {
        lock (_gate) _generating = false;
    }

    /// <summary>
    /// Barge-in: what waits is cleared at once; the first milliseconds of it remain, faded, so that the end is no click
    /// (a raised cosine: its steepest step is the smallest for its length).
    /// </summary>
    /// <returns>The played position at which the audio was cut.</returns>
    public long Interrupt(int fadeMs)
    {
        lock (_gate)
        {
            var fadeSamples = Math.Min(FrameSamples, _codec.SampleRateHz * fadeMs / 1000);
            Span<byte> codes = stackalloc byte[_codec.PayloadBytes(fadeSamples)];
            var taken = _queue.Read(codes);
            var cutAt = _played;
            if (taken > 0)
            {
                Span<short> pcm = stackalloc short[fadeSamples];
                var samples = _codec.Decode(codes[..taken], pcm);
                for (var i = 0; i < samples; i++)
                    pcm[i] = (short)(pcm[i] * (0.5 + 0.5 * Math.Cos(Math.PI * (i + 1) / samples)));
                _codec.Encode(pcm[..samples], codes);
                cutAt += samples;
            }
            _queue.Clear();
            _queue.Write(codes[..taken]);
            _fadeBytes = taken;
            _played = _queued - _codec.MaxSamples(taken);
            _generating = false;
            _starving = false;
            _epoch++;
            _resampler.Reset();
            return cutAt;
        }
    }

    /// <summary>
    /// Sound while nothing is said (a tool runs): it counts as nothing that was queued or played, ends by itself when the agent
    /// speaks, with a short fade under the first words, and makes no underrun.
    /// </summary>
    /// <param name="pcm24kHz">Kept, and prepared once for all calls that play it.</param>
    /// <param name="loop">From its end to its beginning, until it is stopped.</param>
    public void StartFiller(short[] pcm24kHz, bool loop)
    {
        var filler = new PlayoutFiller(pcm24kHz, loop);
        lock (_gate) _filler = filler;
    }

    /// <summary>Fades the filler out, in the next frame.</summary>
    public void StopFiller()
    {
        lock (_gate)
            if (_filler?.End() == true) _filler = null;
    }

    /// <summary>A re-INVITE chose another codec of the same rate: what waits is carried over.</summary>
    public void ChangeCodec(SpeechCodec codec)
    {
        lock (_gate)
        {
            if (ReferenceEquals(codec, _codec)) return;
            var codes = new byte[_queue.Count];
            _queue.Read(codes);
            var pcm = new short[_codec.MaxSamples(codes.Length)];
            _queue.Write(codes.AsSpan(0, codec.Encode(pcm.AsSpan(0, _codec.Decode(codes, pcm)), codes)));
            _codec = codec;
        }
    }

    /// <summary>Ducking and its end: the level reaches the target within the next frame, downwards in its first 8 ms.</summary>
    public void SetGain(float gain) => Volatile.Write(ref _targetGain, gain);

    /// <summary>The next frame; called by the clock, every 20 ms.</summary>
    /// <param name="payload"><see cref="FrameBytes"/> long; always filled, with the code of silence when there is nothing.</param>
    public PlayoutFrame NextFrame(Span<byte> payload) => NextFrame(payload, out _);

    /// <inheritdoc cref="NextFrame(Span{byte})"/>
    /// <param name="payload">As above.</param>
    /// <param name="codec">What it is encoded in, which may change from one frame to the next.</param>
    public PlayoutFrame NextFrame(Span<byte> payload, out SpeechCodec codec)
    {
        PlayoutFrame kind;
        lock (_gate)
        {
            codec = _codec;
            kind = AddFiller(Dequeue(payload), payload);
        }
        if (kind is PlayoutFrame.Silence or PlayoutFrame.Underrun) _gain = Volatile.Read(ref _targetGain);
        else ApplyGain(payload, codec);
        return kind;
    }

    public void Dispose()
    {
        lock (_gate) _queue.Dispose();
    }

    public override string ToString() => $"Live -> Resample(24000->{_codec.SampleRateHz}) -> Encode({_codec.EncodingName}) -> Playout -> RTP";

    private void Write(ReadOnlySpan<short> pcm24kHz)
    {
        var samples = _resampler.Process(pcm24kHz, _resampled);
        var bytes = _codec.Encode(_resampled.AsSpan(0, samples), _encoded);
        var taken = _queue.Write(_encoded.AsSpan(0, bytes));
        _queued += _codec.MaxSamples(taken);
        _droppedSamples += _codec.MaxSamples(bytes - taken);
    }

    private PlayoutFrame Dequeue(Span<byte> payload)
    {
        if (_fadeBytes > 0)
        {
            Fill(payload, _fadeBytes);
            _fadeBytes = 0;
            _speaking = false;
            return PlayoutFrame.Fade;
        }
        if (_starving && !Recovered())
        {
            payload.Fill(_codec.SilenceCode);
            return PlayoutFrame.Silence;
        }
        if (_queue.Count >= payload.Length || (_queue.Count > 0 && !_generating))
        {
            Fill(payload, payload.Length);
            var first = !_speaking;
            _speaking = _queue.Count > 0 || _generating;
            return first ? PlayoutFrame.SpeechStart : _speaking ? PlayoutFrame.Speech : PlayoutFrame.SpeechEnd;
        }
        payload.Fill(_codec.SilenceCode);
        if (!_speaking) return PlayoutFrame.Silence;
        _speaking = false;
        // The end was announced after the last frame had left.
        if (!_generating) return PlayoutFrame.SpeechEnd;
        _starving = true;
        _starvedFrames = 0;
        return PlayoutFrame.Underrun;
    }

    private PlayoutFrame AddFiller(PlayoutFrame kind, Span<byte> payload)
    {
        // Begun before the agent had finished: it waits. Still there when the agent begins: it fades out under the first words.
        if (_filler is not { } filler || (kind != PlayoutFrame.Silence && !filler.IsHeard)) return kind;
        var samples = _codec.Decode(payload, _frame);
        if (filler.AddTo(_frame.AsSpan(0, samples))) _filler = null;
        _codec.Encode(_frame.AsSpan(0, samples), payload);
        return kind == PlayoutFrame.Silence ? PlayoutFrame.Filler : kind;
    }

    private bool Recovered()
    {
        _starvedFrames++;
        if (_generating && _queue.Count < _codec.PayloadBytes(_codec.SampleRateHz * RebufferMs / 1000) && _starvedFrames * FrameMs < RebufferPatienceMs) return false;
        _starving = false;
        return true;
    }

    private void Fill(Span<byte> payload, int bytes)
    {
        var taken = _queue.Read(payload[..bytes]);
        payload[taken..].Fill(_codec.SilenceCode);
        _played += _codec.MaxSamples(taken);
    }

    private void ApplyGain(Span<byte> payload, SpeechCodec codec)
    {
        var target = Volatile.Read(ref _targetGain);
        if (_gain == 1 && target == 1) return;
        var samples = codec.Decode(payload, _frame);
        var ramp = target < _gain ? Math.Min(samples, codec.SampleRateHz * DuckRampMs / 1000) : samples;
        var step = (target - _gain) / ramp;
        for (var i = 0; i < samples; i++) _frame[i] = (short)(_frame[i] * (_gain = i < ramp - 1 ? _gain + step : target));
        _gain = target;
        codec.Encode(_frame.AsSpan(0, samples), payload);
    }
}
