using VoiceGateway.Codecs;
using VoiceGateway.Media;

namespace VoiceGateway.Tests.Media;

public sealed class UplinkTests : IUplinkSink
{
    private readonly Uplink _uplink;
    private readonly byte[] _packet = Enumerable.Repeat((byte)0x20, 160).ToArray();
    private readonly byte[] _long = Enumerable.Repeat((byte)0x20, 800).ToArray();
    private int _frames;
    private double _power;
    private long _samples8;
    private int _silentFrames;
    private int _wrongFrames;
    private int _narrowFrames;
    private readonly List<short> _heard = new(101_000);

    public UplinkTests() => _uplink = new Uplink(this);

    void IUplinkSink.OnCallerPcm8kHz(Span<short> pcm)
    {
        _samples8 += pcm.Length;
        if (_samples8 < 100_000) _heard.AddRange(pcm);
        if (!_uplink.IsSilenceSuppressed) return;
        foreach (var sample in pcm) _power += (double)sample * sample;
    }

    void IUplinkSink.OnUplinkFrame(ReadOnlySpan<short> pcm16kHz, bool narrowband)
    {
        _frames++;
        if (pcm16kHz.Length != 320) _wrongFrames++;
        if (narrowband) _narrowFrames++;
        if (pcm16kHz.IndexOfAnyExcept((short)0) < 0) _silentFrames++;
    }

    [Fact]
    public void OnAudio_OnePacketOf20Ms_GivesOneFrameAtOnce()
    {
        for (var i = 1; i <= 50; i++)
        {
            _uplink.OnAudio(G711Codec.MuLaw, _packet);
            Assert.Equal(i, _frames);
        }
        Assert.Equal((0, 50), (_wrongFrames, _narrowFrames));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(240)]
    [InlineData(800)]
    [InlineData(480)]
    [InlineData(1200)]
    public void OnAudio_OtherPacketTimes_LoseNothing(int bytes)
    {
        for (var i = 0; i < 40; i++) _uplink.OnAudio(G711Codec.ALaw, new byte[bytes]);
        Assert.Equal(40 * bytes, _samples8);
        Assert.Equal(40 * bytes / 160, _frames);
    }

    [Fact]
    public void OnAudio_PacketTimeChangesWithEveryPacket_NothingIsLostOrFilled()
    {
        var random = new Random(4);
        var total = 800;
        _uplink.OnAudio(G711Codec.MuLaw, _long);
        for (var i = 0; i < 500; i++)
        {
            var bytes = 40 * random.Next(1, 21);
            total += bytes;
            // It comes when it has been spoken, with 20 ms of jitter.
            for (var quietMs = 20; quietMs <= bytes / 8 + 20; quietMs += 20) _uplink.OnTick(TimeSpan.FromMilliseconds(quietMs));
            _uplink.OnAudio(G711Codec.MuLaw, _long.AsSpan(0, bytes));
        }
        Assert.Equal((total, 0), (_samples8, _uplink.FilledSamples));
        Assert.Equal(total / 160, _frames);
    }

    [Fact]
    public void OnTick_PacketsOf100Ms_ThePauseBetweenThemIsNoSilence()
    {
        _uplink.OnAudio(G711Codec.MuLaw, _long.AsSpan(0, 800));
        for (var ms = 20; ms <= 140; ms += 20) _uplink.OnTick(TimeSpan.FromMilliseconds(ms));
        Assert.Equal(0, _uplink.FilledSamples);
        _uplink.OnTick(TimeSpan.FromMilliseconds(160));
        Assert.Equal(160, _uplink.FilledSamples);
    }

    // 20 ms of speech at 1000, comfort noise at 1160, speech again at 9160: a second of silence.
    [Fact]
    public void OnComfortNoise_ThenSpeech_TheSilenceIsAsLongAsTheTimestampsSay()
    {
        _uplink.OnAudio(G711Codec.MuLaw, _packet, 1000);
        _uplink.OnComfortNoise([50], 1160);
        Assert.True(_uplink.IsSilenceSuppressed);
        for (var i = 1; i <= 48; i++) _uplink.OnTick(TimeSpan.FromMilliseconds(20 * i + 1));
        _uplink.OnAudio(G711Codec.MuLaw, _packet, 9160);

        Assert.Equal(160 + 8000 + 160, _samples8);
        Assert.False(_uplink.IsSilenceSuppressed);
        Assert.Equal(8000, _uplink.FilledSamples);
        Assert.InRange(_silentFrames, 0, 1);
        Assert.InRange(10 * Math.Log10(_power / 8000 / (32124.0 * 32124)), -51.5, -48.5);
    }

    [Fact]
    public void OnComfortNoise_Repeated_GoesOnFromWhereItIs()
    {
        _uplink.OnComfortNoise([60], 0);
        for (var i = 1; i <= 10; i++)
        {
            for (var ms = 20; ms <= 200; ms += 20) _uplink.OnTick(TimeSpan.FromMilliseconds(ms + 1));
            _uplink.OnComfortNoise([60, 120, 130], (uint)(i * 1600));
        }
        Assert.Equal(16_000, _samples8);
    }

    [Fact]
    public void OnLost_WithinAnnouncedSilence_IsPartOfIt()
    {
        _uplink.OnComfortNoise([60], 0);
        _uplink.OnLost(160);
        _uplink.OnAudio(G711Codec.MuLaw, _packet, 320);
        Assert.Equal(320 + 160, _samples8);
    }

    [Fact]
    public void OnStreamChanged_WithinAnnouncedSilence_EndsIt()
    {
        _uplink.OnComfortNoise([60], 0);
        _uplink.OnStreamChanged();
        _uplink.OnAudio(G711Codec.MuLaw, _packet, 0xF000_0000);
        Assert.Equal(160, _samples8);
    }

    [Fact]
    public void OnComfortNoise_SteadyState_AllocatesNothing()
    {
        byte[] payload = [50, 100, 150];
        uint timestamp = 0;
        for (var i = 0; i < 100; i++) Cycle();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++) Cycle();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle()
        {
            _uplink.OnComfortNoise(payload, timestamp += 160);
            _uplink.OnTick(TimeSpan.FromMilliseconds(21));
            _uplink.OnAudio(G711Codec.MuLaw, _packet, timestamp += 320);
        }
    }

    [Fact]
    public void OnTick_NoPackets_FillsInRealTime()
    {
        _uplink.OnAudio(G711Codec.MuLaw, _packet);
        for (var i = 1; i <= 53; i++) _uplink.OnTick(TimeSpan.FromMilliseconds(20 * i));
        Assert.Equal(1 + 50, _frames);
        // The voice fades within 60 ms; then there is silence, the filter's end apart.
        Assert.InRange(_silentFrames, 45, 47);
        Assert.Equal(50 * 160, _uplink.FilledSamples);
    }

    [Fact]
    public void OnTick_PacketsInTime_FillsNothing()
    {
        for (var i = 0; i < 100; i++)
        {
            _uplink.OnTick(TimeSpan.FromMilliseconds(20));
            _uplink.OnAudio(G711Codec.MuLaw, _packet);
        }
        Assert.Equal(100, _frames);
    }

    [Fact]
    public void OnTick_MadeUpAfterAStall_FillsNothing()
    {
        // The clock stood for 300 ms, read all that waited, and now makes up its ticks.
        for (var i = 0; i < 15; i++) _uplink.OnAudio(G711Codec.MuLaw, _packet);
        for (var i = 0; i < 15; i++) _uplink.OnTick(TimeSpan.FromMilliseconds(-300 + 20 * i));
        Assert.Equal(15, _frames);
        Assert.Equal(0, _uplink.FilledSamples);
    }

    [Fact]
    public void OnLost_HoleThatTheClockFilledAlready_IsNotFilledTwice()
    {
        _uplink.OnAudio(G711Codec.MuLaw, _packet);
        for (var i = 1; i <= 5; i++) _uplink.OnTick(TimeSpan.FromMilliseconds(20 * i));
        Assert.Equal(160, _uplink.OnLost(3 * 160));
        Assert.Equal(1 + 3, _frames);
    }

    [Fact]
    public void OnLost_EnormousHole_IsBounded() => Assert.Equal(400 * 8, _uplink.OnLost(int.MaxValue));

    [Fact]
    public void OnLost_OnePacketOfAVowel_GoesOn()
    {
        Say(20);
        var before = _samples8;
        Assert.Equal(160, _uplink.OnLost(160));
        Say(20, from: 21);

        Assert.Equal((160, 160), (_uplink.FilledSamples, _uplink.ConcealedSamples));
        Assert.Equal(before + 21 * 160, _samples8);
        Assert.InRange(10 * Math.Log10(Level(_heard, (int)before, 160) / Level(_heard, (int)before - 160, 160)), -3, 1);
    }

    [Fact]
    public void OnTick_PacketsOnlyLate_ThatIsLearntAndForgotten()
    {
        // 140 ms late, again and again: filled the first time, waited for then.
        _uplink.OnAudio(G711Codec.MuLaw, _packet, 0);
        uint timestamp = 160;
        for (var spell = 0; spell < 8; spell++)
        {
            for (var ms = 20; ms <= 140; ms += 20) _uplink.OnTick(TimeSpan.FromMilliseconds(ms));
            for (var i = 0; i < 7; i++, timestamp += 160) _uplink.OnAudio(G711Codec.MuLaw, _packet, timestamp);
        }
        Assert.InRange(_uplink.FilledSamples, 4 * 160, 6 * 160);

        for (var i = 0; i < 2000; i++, timestamp += 160) _uplink.OnAudio(G711Codec.MuLaw, _packet, timestamp);
        var filled = _uplink.FilledSamples;
        for (var ms = 20; ms <= 80; ms += 20) _uplink.OnTick(TimeSpan.FromMilliseconds(ms));
        Assert.Equal(filled + 160, _uplink.FilledSamples);
    }

    // A telephone that suppresses silence and does not say so: nothing comes, and then the timestamps have moved on.
    [Fact]
    public void OnAudio_AfterUnannouncedSilence_ThePauseIsAsLongAsTheTimestampsSay()
    {
        _uplink.OnAudio(G711Codec.MuLaw, _packet, 0);
        for (var ms = 20; ms <= 1000; ms += 20) _uplink.OnTick(TimeSpan.FromMilliseconds(ms));
        _uplink.OnAudio(G711Codec.MuLaw, _packet, 160 + 8000);

        Assert.Equal(160 + 8000 + 160, _samples8);
    }

    [Fact]
    public void OnComfortNoise_LateInTheSilence_TheSilenceBeforeItIsCompleted()
    {
        _uplink.OnAudio(G711Codec.MuLaw, _packet, 0);
        for (var ms = 20; ms <= 200; ms += 20) _uplink.OnTick(TimeSpan.FromMilliseconds(ms));
        _uplink.OnComfortNoise([50], 160 + 1600);

        Assert.Equal(160 + 1600, _samples8);
    }

    [Fact]
    public void OnAudio_TimestampsThatRunTwiceTooFast_FillNothing()
    {
        // G.722 by somebody who took the RTP clock for 16 kHz.
        for (uint i = 0; i < 500; i++)
        {
            _uplink.OnTick(TimeSpan.FromMilliseconds(20));
            _uplink.OnAudio(G711Codec.MuLaw, _packet, 320 * i);
        }
        Assert.Equal((0, 500 * 160), (_uplink.FilledSamples, _samples8));
    }

    [Fact]
    public void OnLost_WithinUnannouncedSilence_ItsRestIsCompleted()
    {
        _uplink.OnAudio(G711Codec.MuLaw, _packet, 0);
        for (var ms = 20; ms <= 1000; ms += 20) _uplink.OnTick(TimeSpan.FromMilliseconds(ms));
        Assert.Equal(0, _uplink.OnLost(160));
        _uplink.OnAudio(G711Codec.MuLaw, _packet, 160 + 8000);

        Assert.Equal(160 + 8000 + 160, _samples8);
    }

    [Fact]
    public void OnComfortNoise_UpdatesThatComeEarlyAndLate_AddUp()
    {
        // An update every 200 ms for a minute, up to 40 ms late: what was filled too much is a part of what follows.
        var random = new Random(3);
        _uplink.OnComfortNoise([60], 0);
        for (uint i = 1; i <= 300; i++)
        {
            var quiet = 200 + 20 * random.Next(0, 3);
            for (var ms = 20; ms <= quiet; ms += 20) _uplink.OnTick(TimeSpan.FromMilliseconds(ms + 1));
            _uplink.OnComfortNoise([60], i * 1600);
        }
        Assert.InRange(_samples8, 300 * 1600, 300 * 1600 + 400);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    public void AnHour_CallersClockIsNotOurs_NothingIsFilledAndNothingIsLost(double ppm)
    {
        const int Packets = 180_000;
        var pace = 20 * (1 + ppm * 1e-6);
        var random = new Random(5);
        var (arrival, last, sent) = (3.0, 0.0, 0u);
        for (var tick = 0; sent < Packets; tick++)
        {
            for (; arrival <= tick * 20 && sent < Packets; arrival = 3 + sent * pace + random.NextDouble() * 15)
            {
                _uplink.OnAudio(G711Codec.MuLaw, _packet, sent++ * 160);
                last = arrival;
            }
            _uplink.OnTick(TimeSpan.FromMilliseconds(tick * 20 - last));
        }
        Assert.Equal((Packets * 160L, 0L, Packets), (_samples8, _uplink.FilledSamples, _frames));
    }

    [Fact]
    public void OnLost_SteadyState_AllocatesNothing()
    {
        for (var i = 0; i < 100; i++) Cycle();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++) Cycle();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle()
        {
            _uplink.OnAudio(G711Codec.MuLaw, _packet, 0);
            _uplink.OnLost(320);
            _uplink.OnTick(TimeSpan.FromMilliseconds(100));
        }
    }

    [Fact]
    public void OnAudio_SteadyState_AllocatesNothing()
    {
        for (var i = 0; i < 100; i++) _uplink.OnAudio(G711Codec.MuLaw, _packet);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _uplink.OnAudio(G711Codec.MuLaw, _packet);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // A vowel of 125 Hz, 20 ms for 20 ms.
    private void Say(int packets, int from = 0)
    {
        Span<short> pcm = stackalloc short[160];
        var codes = new byte[160];
        for (var p = from; p < from + packets; p++)
        {
            for (var i = 0; i < 160; i++) pcm[i] = (short)(6000 * Math.Pow(Math.Sin(Math.PI * 125 * (p * 160 + i) / 8000), 9));
            G711Codec.MuLaw.Encode(pcm, codes);
            _uplink.OnAudio(G711Codec.MuLaw, codes, (uint)(p * 160));
        }
    }

    private static double Level(List<short> pcm, int from, int count) => pcm.Skip(from).Take(count).Sum(static s => (double)s * s) + 1;
}
