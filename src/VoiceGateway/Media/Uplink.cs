using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>
/// The caller's voice on its way to the model. In-order packets pass at once; the model is no loudspeaker, so no playout
/// delay is owed. The stream never stops: what does not come is filled, 20 ms for 20 ms. A loss is concealed, and whatever lasts longer fades
/// to silence, or is the noise that the caller's side has described (RFC 3389).
/// <code>RTP ─▶ Reorder ─▶ Decode ─▶ Conceal ─▶ [8 kHz: recording, echo, voice activity] ─▶ 16 kHz ─▶ 20 ms frames ─▶ Live</code>
/// Clock thread only. What is used within one step lies on that thread's stack, the same warm memory for all calls. Lengths are in units of the RTP clock, 8 a millisecond: for G.722 too (RFC 3551 section 4.5.2).
/// </summary>
public sealed class Uplink(IUplinkSink sink)
{
    public const int FrameSamples16kHz = 320;

    private const int ClockRateHz = 8000;
    private const int UnitsPerMs = ClockRateHz / 1000;
    private const int Frame = 20 * UnitsPerMs;

    // Jitter of a packet or two is no silence; after this something is given to the model in its place.
    private const int PatienceMs = 60;

    // A hole longer than this has been filled by the clock already, or is a jump that no filling mends.
    private const int MaxFill = 400 * UnitsPerMs;

    private readonly UplinkFrames _frames = new(sink);
    private readonly ComfortNoise _noise = new();
    private readonly UplinkLateness _lateness = new();
    private UplinkBand? _band;

    // The one at the other rate, if there has been one: some peers alternate between codecs, and the clock thread makes it once.
    private UplinkBand? _otherBand;
    private int _filledSinceAudio;
    private uint? _next;

    /// <summary>What stood in for what did not arrive, in samples at 8 kHz.</summary>
    public long FilledSamples { get; private set; }

    /// <summary>The part of it that stood in for lost packets.</summary>
    public long ConcealedSamples { get; private set; }

    /// <summary>The caller's side suppresses silence, and has said so: nothing more need come until somebody speaks.</summary>
    public bool IsSilenceSuppressed { get; private set; }

    // One that nobody announced is completed only where the clock has begun it: there are senders whose timestamps run too fast.
    private bool IsPause => IsSilenceSuppressed || _filledSinceAudio > 0;

    private UplinkBand Band => _band ?? BandOf(ClockRateHz);

    /// <param name="codec">Of the payload.</param>
    /// <param name="payload">Any number of milliseconds.</param>
    /// <param name="timestamp">Tells how long the suppressed silence before it was.</param>
    public void OnAudio(SpeechCodec codec, ReadOnlySpan<byte> payload, uint timestamp)
    {
        var owed = Owed(timestamp);
        if (owed > 0 && IsPause) Fill(owed);
        else if (!IsSilenceSuppressed) _lateness.FilledTooMuch(-owed);
        IsSilenceSuppressed = false;
        _next = timestamp + OnAudio(codec, payload);
    }

    /// <summary>Audio whose place in time nobody knows.</summary>
    /// <returns>How long it is.</returns>
    public uint OnAudio(SpeechCodec codec, ReadOnlySpan<byte> payload)
    {
        var band = BandOf(codec.SampleRateHz);
        var samples = 0;
        Span<short> room = stackalloc short[FrameSamples16kHz];
        // Decoded in slices: a payload of any length, never a larger buffer.
        var slice = codec.PayloadBytes(band.SamplesOf(Frame));
        for (var rest = payload; rest.Length > 0; rest = rest[Math.Min(slice, rest.Length)..])
        {
            var pcm = room[..codec.Decode(rest[..Math.Min(slice, rest.Length)], room)];
            band.Good(pcm);
            samples += pcm.Length;
        }
        _filledSinceAudio = 0;
        var length = samples / band.SamplesOf(1);
        _lateness.OnPacket(length);
        return (uint)length;
    }

    /// <summary>Silence begins, or goes on with another sound.</summary>
    /// <param name="payload">Level and spectrum (RFC 3389).</param>
    /// <param name="timestamp">Where it has got to.</param>
    public void OnComfortNoise(ReadOnlySpan<byte> payload, uint timestamp)
    {
        var owed = Owed(timestamp);
        if (owed > 0 && IsPause) Fill(owed);
        _noise.Update(payload);
        // What was filled beyond it is a part of what follows.
        (_next, _filledSinceAudio) = (timestamp, IsSilenceSuppressed ? Math.Max(0, -owed) : 0);
        IsSilenceSuppressed = true;
    }

    /// <summary>A hole of this many samples before the next packet.</summary>
    /// <returns>Samples filled now; the clock may have filled some of the hole already.</returns>
    public int OnLost(int samples)
    {
        // The timestamp of what comes next tells how long the silence was, whatever was lost in it.
        if (IsSilenceSuppressed) return 0;
        var owed = Math.Clamp(samples - _filledSinceAudio, 0, MaxFill);
        _filledSinceAudio = Math.Max(0, _filledSinceAudio - samples);
        _next += (uint)samples;
        Fill(owed);
        ConcealedSamples += samples;
        return owed;
    }

    /// <summary>A new stream: what was filled for the old one is no debt of the new.</summary>
    public void OnStreamChanged() => (_filledSinceAudio, _next, IsSilenceSuppressed) = (0, null, false);

    /// <summary>Every 20 ms.</summary>
    /// <param name="quietFor">From the last packet's arrival to when this tick was due; negative for a tick made up after a stall.</param>
    public void OnTick(TimeSpan quietFor)
    {
        // In announced silence nothing is waited for.
        var patience = IsSilenceSuppressed ? _filledSinceAudio + Frame : PatienceMs * UnitsPerMs + _lateness.Allowance;
        if (quietFor.TotalMilliseconds * UnitsPerMs <= patience) return;
        Fill(Frame);
        _filledSinceAudio += Frame;
    }

    public override string ToString() => $"RTP -> Reorder -> {Band} -> Live";

    private UplinkBand BandOf(int sampleRateHz)
    {
        if (_band?.SampleRateHz == sampleRateHz) return _band;
        (_band, _otherBand) = (_otherBand ?? UplinkBand.For(sampleRateHz, sink, _frames), _band);
        // What it heard last is no part of this stretch.
        _band.Reset();
        return _band;
    }

    /// <summary>By how much more the timestamps have moved on than was filled; negative: more was filled than that.</summary>
    private int Owed(uint timestamp) => _next is { } next ? Math.Min(Math.Max(0, (int)(timestamp - next)) - _filledSinceAudio, MaxFill) : 0;

    private void Fill(int length)
    {
        FilledSamples += length;
        Span<short> room = stackalloc short[FrameSamples16kHz];
        for (var rest = length; rest > 0; rest -= Frame)
        {
            var pcm = room[..Band.SamplesOf(Math.Min(rest, Frame))];
            if (IsSilenceSuppressed)
            {
                _noise.Fill(pcm);
                Band.Good(pcm);
            }
            else
            {
                Band.Lost(pcm);
            }
        }
    }
}
