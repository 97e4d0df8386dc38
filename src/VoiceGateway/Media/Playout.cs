using System.Buffers;
using System.Runtime.InteropServices;
using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>
/// The agent's voice on its way to the caller. The model sends faster than real time and in bursts, so everything is queued,
/// and leaves by the clock, a frame every 20 ms. What the line's codec asks for, <see cref="PlayoutLine"/> does.
/// <code>
///   Live receive loop                          clock thread
///   pcm 24 kHz ─▶ line's rate ─▶ [levels] ─▶ │ queue │ ─▶ [filler] ─▶ [gain] ─▶ [noise in pauses] ─▶ RTP payload
///                                                              key tones, in place of all that ─┘
/// </code>
/// <see cref="NextFrame"/> belongs to the clock; everything else may come from any thread. The
/// lock is this call's own and is held for microseconds: a frame's copy, a chunk's resampling.
/// </summary>
public sealed class Playout : IDisposable
{
    public const int FrameMs = 20;

    /// <summary>Of a frame's payload: every codec that is spoken here has 64 kbit/s.</summary>
    public const int FrameBytes = 160;

    /// <summary>Of a frame, on the RTP clock, which runs at 8 kHz for G.722 too (RFC 3551 section 4.5.2), and in the telephone band.</summary>
    public const int FrameSamples8kHz = 160;

    // After running dry, wait for this much before going on: a word in two pieces is better than in ten.
    private const int RebufferMs = 60;

    // A turn whose end is never announced: what is left is played out after this.
    private const int RebufferPatienceMs = 400;

    private const int UnitsPerSample8kHz = PlayoutLine.UnitsPerSecond / 8000;

    private readonly LevelOptions _levels;
    private readonly PlayoutNoise? _noise;
    private readonly PlayoutBacklog _queue;
    private readonly PlayoutGain _gain = new();
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private PlayoutLine _line;
    private bool _generating;
    private bool _speaking;
    private bool _starving;
    private int _starvedFrames;
    private int _fadeBytes;
    private int _epoch;
    private PlayoutFiller? _filler;

    // In PlayoutLine's units, so that they go on through a change of rate.
    private long _queued;
    private long _played;
    private long _dropped;

    /// <param name="codec">Until <see cref="ChangeCodec"/>; null: not agreed yet, and <see cref="NextFrame"/> is not called before it is. With state: this direction's own.</param>
    /// <param name="maxSeconds">The longest reply that is held.</param>
    /// <param name="pool">For the queue.</param>
    /// <param name="levels">What is done to the agent's voice; null: nothing.</param>
    /// <param name="noiseDbov">What pauses sound like; null: digital silence.</param>
    public Playout(SpeechCodec? codec, int maxSeconds, ArrayPool<byte>? pool = null, LevelOptions? levels = null, int? noiseDbov = null)
    {
        _levels = levels ?? new LevelOptions();
        _noise = noiseDbov is { } level ? new PlayoutNoise(level) : null;
        _line = codec is null ? PlayoutLine.Unknown() : Line(codec);
        _queue = new PlayoutBacklog(_line, maxSeconds, pool ?? ArrayPool<byte>.Shared);
    }

    public SpeechCodec Codec => Volatile.Read(ref _line).Codec;

    /// <summary>Samples (8 kHz) queued since the call began.</summary>
    public long QueuedSamples { get { lock (_gate) return _queued / UnitsPerSample8kHz; } }

    /// <summary>The position in the same count that has left as RTP; jumps over what was cancelled.</summary>
    public long PlayedSamples { get { lock (_gate) return _played / UnitsPerSample8kHz; } }

    /// <summary>Samples (8 kHz) beyond the longest reply that is held.</summary>
    public long DroppedSamples { get { lock (_gate) return _dropped / UnitsPerSample8kHz; } }

    /// <summary>Agent audio is leaving, or waits to.</summary>
    public bool IsAudible { get { lock (_gate) return _queue.Count > 0 || _speaking; } }

    /// <summary>The agent is silent, and a whole frame of a reply waits.</summary>
    public bool IsAboutToSpeak { get { lock (_gate) return !_speaking && !_starving && _fadeBytes == 0 && _queue.Count >= _line.FrameBytes; } }

    /// <summary>A filler sounds, or will as soon as the agent falls silent. It is nobody's speech: <see cref="IsAudible"/> does not know of it.</summary>
    public bool IsFilling { get { lock (_gate) return _filler is not null; } }

    /// <summary>Keys for a peer that takes none as RTP events; while they sound, what the agent says waits.</summary>
    internal KeyTones Keys { get; } = new();

    /// <summary>Moves on with every cut. Read before it is decided to play a chunk, it tells a chunk that was overtaken by a cut.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <param name="pcm24kHz">s16le, 24 kHz mono, any number of whole samples.</param>
    /// <param name="epoch"><see cref="Epoch"/> as it was; after a cut the chunk is left out.</param>
    public void Enqueue(ReadOnlySpan<byte> pcm24kHz, int epoch) => Enqueue(MemoryMarshal.Cast<byte, short>(pcm24kHz), epoch);

    public void Enqueue(ReadOnlySpan<short> pcm24kHz, int epoch)
    {
        for (var rest = pcm24kHz; rest.Length > 0; rest = rest[Math.Min(PlayoutLine.SliceSamples, rest.Length)..])
        {
            lock (_gate)
            {
                if (epoch != _epoch) return;
                Write(rest[..Math.Min(PlayoutLine.SliceSamples, rest.Length)]);
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
        Span<byte> codes = stackalloc byte[PlayoutLine.MaxFrameBytes];
        Span<short> pcm = stackalloc short[PlayoutLine.MaxFrameSamples];
        lock (_gate)
        {
            var queued = _line.Queued;
            var fade = codes[..queued.PayloadBytes(Math.Min(_line.FrameSamples, _line.Codec.SampleRateHz * fadeMs / 1000))];
            var taken = _queue.Read(fade);
            var cutAt = _played + _line.Units(taken);
            if (taken > 0)
            {
                var samples = queued.Decode(fade[..taken], pcm);
                for (var i = 0; i < samples; i++)
                    pcm[i] = (short)(pcm[i] * (0.5 + 0.5 * Math.Cos(Math.PI * (i + 1) / samples)));
                queued.Encode(pcm[..samples], fade);
            }
            _queue.Clear();
            _queue.Write(fade[..taken]);
            _fadeBytes = taken;
            _played = _queued - _line.Units(taken);
            _generating = false;
            _starving = false;
            _epoch++;
            _line.Cut();
            return cutAt / UnitsPerSample8kHz;
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
        var filler = new PlayoutFiller(pcm24kHz, loop, Codec.SampleRateHz);
        lock (_gate)
        {
            filler.ChangeRate(_line.Codec.SampleRateHz);
            _filler = filler;
        }
    }

    /// <summary>Fades the filler out, in the next frame.</summary>
    public void StopFiller()
    {
        lock (_gate)
            if (_filler?.End() == true) _filler = null;
    }

    /// <summary>A re-INVITE chose another codec, perhaps of another rate: what waits is carried over.</summary>
    /// <param name="codec">With state: this direction's own.</param>
    public void ChangeCodec(SpeechCodec codec)
    {
        // Every call plays the same few fillers: the first at this rate prepares them, and nobody waits for it.
        Volatile.Read(ref _filler)?.Prepare(codec.SampleRateHz);
        lock (_gate)
        {
            if (ReferenceEquals(codec, _line.Codec)) return;
            var line = Line(codec, _line);
            _fadeBytes = line.Bytes(_line.Units(_fadeBytes));
            _dropped += line.Units(_queue.Change(line));
            _line = line;
            // A resampler's rounding is no speech.
            _played = _queued - line.Units(_queue.Count);
            _filler?.ChangeRate(codec.SampleRateHz);
        }
    }

    /// <summary>Ducking and its end: the level reaches the target within the next frame, downwards in its first 8 ms.</summary>
    public void SetGain(float gain) => _gain.Set(gain);

    /// <summary>The next frame; called by the clock, every 20 ms.</summary>
    /// <param name="payload"><see cref="FrameBytes"/> long; always filled, with silence or noise when there is nothing.</param>
    /// <param name="sent8kHz">The same as samples in the telephone band, <see cref="FrameSamples8kHz"/> of them.</param>
    /// <param name="codec">What the payload is encoded in, which may change from one frame to the next.</param>
    public PlayoutFrame NextFrame(Span<byte> payload, Span<short> sent8kHz, out SpeechCodec codec)
    {
        Span<byte> waited = stackalloc byte[PlayoutLine.MaxFrameBytes];
        Span<short> frame = stackalloc short[PlayoutLine.MaxFrameSamples];
        PlayoutLine line;
        PlayoutFrame kind;
        bool changed;
        lock (_gate)
        {
            line = _line;
            waited = waited[..line.FrameBytes];
            frame = frame[..line.FrameSamples];
            if (Keys.TryFill(frame, line.Codec.SampleRateHz)) (kind, changed) = (PlayoutFrame.Key, true);
            else kind = Dequeue(line, waited, frame, out changed);
        }
        if (kind is PlayoutFrame.Silence or PlayoutFrame.Underrun or PlayoutFrame.Key) _gain.Arrive();
        else changed |= _gain.Apply(frame, line.Codec.SampleRateHz);
        codec = line.Codec;
        line.Leave(waited, frame, changed, payload, sent8kHz);
        return kind;
    }

    public void Dispose()
    {
        lock (_gate) _queue.Dispose();
    }

    public override string ToString() => $"Live -> {Volatile.Read(ref _line)} -> Playout -> RTP";

    private PlayoutLine Line(SpeechCodec codec, PlayoutLine? before = null) => new(codec, before) { Levels = Levels(codec.SampleRateHz, before) };

    // The agent is as loud after a change of codec as before it.
    private LevelControl? Levels(int rateHz, PlayoutLine? before)
    {
        if (_levels.IsNeutral) return null;
        if (before?.Levels is not { } levels) return new LevelControl(rateHz, _levels);
        if (before.Codec.SampleRateHz == rateHz) return levels;
        var atThisRate = new LevelControl(rateHz, _levels);
        atThisRate.GoOnFrom(levels);
        return atThisRate;
    }

    private void Write(ReadOnlySpan<short> pcm24kHz)
    {
        Span<byte> waiting = stackalloc byte[PlayoutLine.SliceBytes];
        var bytes = _line.Take(pcm24kHz, waiting);
        var taken = _queue.Write(waiting[..bytes]);
        _queued += _line.Units(taken);
        _dropped += _line.Units(bytes - taken);
    }

    private PlayoutFrame Dequeue(PlayoutLine line, Span<byte> waited, Span<short> frame, out bool changed)
    {
        var kind = Dequeue(waited, out var taken);
        line.Queued.Decode(waited, frame);
        changed = false;
        if (_noise is not null && taken < waited.Length)
        {
            _noise.Fill(frame[line.Queued.MaxSamples(taken)..]);
            changed = true;
        }
        // Begun before the agent had finished: it waits. Still there when the agent begins: it fades out under the first words.
        if (_filler is not { } filler || (kind != PlayoutFrame.Silence && !filler.IsHeard)) return kind;
        if (filler.AddTo(frame)) _filler = null;
        changed = true;
        return kind == PlayoutFrame.Silence ? PlayoutFrame.Filler : kind;
    }

    private PlayoutFrame Dequeue(Span<byte> waited, out int taken)
    {
        taken = 0;
        if (_fadeBytes > 0)
        {
            taken = Read(waited, _fadeBytes);
            _fadeBytes = 0;
            _speaking = false;
            return PlayoutFrame.Fade;
        }
        if (_starving && !Recovered())
        {
            Read(waited, 0);
            return PlayoutFrame.Silence;
        }
        if (_queue.Count >= waited.Length || (_queue.Count > 0 && !_generating))
        {
            taken = Read(waited, waited.Length);
            var first = !_speaking;
            _speaking = _queue.Count > 0 || _generating;
            return first ? PlayoutFrame.SpeechStart : _speaking ? PlayoutFrame.Speech : PlayoutFrame.SpeechEnd;
        }
        Read(waited, 0);
        if (!_speaking) return PlayoutFrame.Silence;
        _speaking = false;
        // The end was announced after the last frame had left.
        if (!_generating) return PlayoutFrame.SpeechEnd;
        _starving = true;
        _starvedFrames = 0;
        return PlayoutFrame.Underrun;
    }

    private bool Recovered()
    {
        _starvedFrames++;
        if (_generating && _queue.Count < _line.BytesPerSecond * RebufferMs / 1000 && _starvedFrames * FrameMs < RebufferPatienceMs) return false;
        _starving = false;
        return true;
    }

    private int Read(Span<byte> waited, int bytes)
    {
        var taken = _queue.Read(waited[..bytes]);
        waited[taken..].Fill(_line.Queued.SilenceCode);
        _played += _line.Units(taken);
        return taken;
    }
}
