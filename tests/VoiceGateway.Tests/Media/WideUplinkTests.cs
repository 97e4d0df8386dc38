using VoiceGateway.Codecs;
using VoiceGateway.Media;

namespace VoiceGateway.Tests.Media;

/// <summary>A wideband line on its way to the model: heard by the call at 8 kHz, by the model as it came.</summary>
public sealed class WideUplinkTests : IUplinkSink
{
    private const int FrameSamples = 320;

    private readonly Uplink _uplink;
    private readonly G722Codec _encoder = new();
    private readonly G722Codec _decoder = new();
    private readonly G722Codec _reference = new();
    private readonly List<short> _low = new(1 << 17);
    private readonly List<short> _heard = new(1 << 17);
    private readonly List<bool> _narrowband = new(1 << 8);
    private bool _silences;
    private bool _keeps = true;

    public WideUplinkTests() => _uplink = new Uplink(this);

    void IUplinkSink.OnCallerPcm8kHz(Span<short> pcm)
    {
        if (_keeps) _low.AddRange(pcm);
        if (_silences) pcm.Clear();
    }

    float IUplinkSink.HighBandGain => _silences ? 0 : 1;

    void IUplinkSink.OnUplinkFrame(ReadOnlySpan<short> pcm16kHz, bool narrowband)
    {
        if (!_keeps) return;
        _heard.AddRange(pcm16kHz);
        _narrowband.Add(narrowband);
    }

    [Fact]
    public void OnAudio_NothingChanged_TheModelHearsTheDecodedBitByBit()
    {
        List<short> decoded = [];
        for (var i = 0; i < 100; i++) _uplink.OnAudio(_decoder, Packet(i, decoded), (uint)i * 160);

        Assert.Equal((100 * 160, 100 * FrameSamples), (_low.Count, _heard.Count));
        Assert.Equal(decoded[..^BandSplitter.DelaySamples], _heard[BandSplitter.DelaySamples..]);
        // The call hears what lies below 4 kHz, and nothing of the rest.
        Assert.InRange(Goertzel.LevelDbov(_low.ToArray().AsSpan(800), 1000, 8000), -17, -16);
        Assert.InRange(Goertzel.LevelDbov(_low.ToArray().AsSpan(800), 2000, 8000), double.NegativeInfinity, -50);
        Assert.Equal(0, _uplink.FilledSamples);
    }

    [Fact]
    public void OnAudio_ListenerTakesEchoOut_BothBandsAreSilent()
    {
        for (var i = 0; i < 50; i++) _uplink.OnAudio(_decoder, Packet(i), (uint)i * 160);
        _silences = true;
        var before = _heard.Count;
        for (var i = 50; i < 100; i++) _uplink.OnAudio(_decoder, Packet(i), (uint)i * 160);
        // Once the filters have run empty: what is left lies where the halves meet.
        Assert.InRange(_heard.Skip(before + 2 * FrameSamples).Max(static s => Math.Abs((int)s)), 0, 1000);
    }

    [Fact]
    public void OnLost_IsConcealedInTimeOfTheRtpClock()
    {
        for (var i = 0; i < 20; i++) _uplink.OnAudio(_decoder, Packet(i), (uint)i * 160);
        Assert.Equal(320, _uplink.OnLost(320));
        for (var i = 22; i < 40; i++) _uplink.OnAudio(_decoder, Packet(i), (uint)i * 160);

        // 40 ms: 320 units of the RTP clock, 640 samples of the line.
        Assert.Equal((40 * FrameSamples, 40 * 160), (_heard.Count, _low.Count));
        Assert.Equal((320, 320), (_uplink.FilledSamples, _uplink.ConcealedSamples));
        Assert.InRange(Power(20 * FrameSamples + BandSplitter.DelaySamples, FrameSamples) / Power(19 * FrameSamples, FrameSamples), 0.3, 1.5);
    }

    [Fact]
    public void OnAudio_CodecsChangeInMidCall_TheFramesGoOn()
    {
        var narrow = new byte[160];
        for (var i = 0; i < 40; i++)
        {
            if (i % 10 < 5) _uplink.OnAudio(_decoder, Packet(i), (uint)i * 160);
            else _uplink.OnAudio(G711Codec.ALaw, narrow, (uint)i * 160);
        }
        Assert.Equal((40 * FrameSamples, 40 * 160), (_heard.Count, _low.Count));
        Assert.EndsWith("Live", _uplink.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Whoever keeps half of a narrowband frame has all of it: the line's own samples are the second ones, and nothing wide is in between.</summary>
    [Fact]
    public void OnAudio_CodecsChangeWithinAFrame_OnlyWhatIsAllNarrowIsCalledSo()
    {
        var random = new Random(1);
        var narrow = new byte[400];
        random.NextBytes(narrow);
        for (var i = 0; i < 3; i++) _uplink.OnAudio(_decoder, new byte[80], (uint)i * 80);
        _uplink.OnAudio(G711Codec.ALaw, narrow, 240);
        _uplink.OnAudio(_decoder, new byte[160], 640);
        Assert.Equal([false, false, true, true, false], _narrowband);

        var line = _low.ToArray().AsSpan(240, 400);
        var second = _heard.Where(static (_, i) => i % 2 == 1).Skip(240).Take(400).ToArray();
        var delay = second.Length - line.Length + 16;
        Assert.Equal(line[..^delay], second.AsSpan(delay));
    }

    [Fact]
    public void OnAudio_PeerAlternates_AllocatesNothing()
    {
        _keeps = false;
        var narrow = new byte[160];
        var packet = Packet(0).ToArray();
        AllocatesNothing(Cycle);

        void Cycle(int i)
        {
            _uplink.OnAudio(_decoder, packet, (uint)i * 320);
            _uplink.OnAudio(G711Codec.ALaw, narrow, (uint)i * 320 + 160);
        }
    }

    // What either band heard before is long ago.
    [Fact]
    public void OnAudio_BackToACodec_IsHeardAsOnANewLine()
    {
        var voice = new byte[160];
        for (var i = 0; i < voice.Length; i++) voice[i] = (byte)(i * 3);
        for (uint i = 0; i < 5; i++) _uplink.OnAudio(G711Codec.ALaw, voice, i * 160);
        for (var i = 5; i < 10; i++) _uplink.OnAudio(_decoder, Packet(i), (uint)i * 160);
        _uplink.OnLost(160);
        var (heard, low) = (_heard.Count, _low.Count);
        for (uint i = 11; i < 15; i++) _uplink.OnAudio(G711Codec.MuLaw, voice, i * 160);

        var afresh = new WideUplinkTests();
        for (uint i = 11; i < 15; i++) afresh._uplink.OnAudio(G711Codec.MuLaw, voice, i * 160);
        Assert.Equal(afresh._heard, _heard[heard..]);
        Assert.Equal(afresh._low, _low[low..]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(60)]
    public void OnAudio_OtherPacketTimes_LoseNothing(int packetMs)
    {
        var payload = new byte[8 * packetMs];
        for (uint i = 0; i < 60; i++) _uplink.OnAudio(_decoder, payload, i * 8 * (uint)packetMs);
        Assert.Equal((60 * 8 * packetMs, 60 * packetMs / 20 * FrameSamples), (_low.Count, _heard.Count));
    }

    [Fact]
    public void OnAudio_SteadyState_AllocatesNothing()
    {
        _keeps = false;
        var packet = Packet(0).ToArray();
        AllocatesNothing(Cycle);

        void Cycle(int i)
        {
            _uplink.OnAudio(_decoder, packet, (uint)i * 320);
            _uplink.OnLost(160);
        }
    }

    /// <summary>20 ms of 1 and 6 kHz.</summary>
    private byte[] Packet(int number, List<short>? decoded = null)
    {
        var pcm = new short[FrameSamples];
        for (var i = 0; i < pcm.Length; i++)
        {
            var t = (number * FrameSamples + i) / 16000.0;
            pcm[i] = (short)(7000 * Math.Sin(2 * Math.PI * 1000 * t) + 3000 * Math.Sin(2 * Math.PI * 6000 * t));
        }
        var payload = new byte[160];
        _encoder.Encode(pcm, payload);
        if (decoded is null) return payload;
        _reference.Decode(payload, pcm);
        decoded.AddRange(pcm);
        return payload;
    }

    private double Power(int from, int count) => _heard.Skip(from).Take(count).Sum(static s => (double)s * s);

    private static void AllocatesNothing(Action<int> cycle)
    {
        for (var i = 0; i < 100; i++) cycle(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 100; i < 600; i++) cycle(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
