using VoiceGateway.Codecs;
using VoiceGateway.Media;

namespace VoiceGateway.Tests.Media;

public sealed class UplinkTests : IUplinkSink
{
    private readonly Uplink _uplink;
    private readonly byte[] _packet = Enumerable.Repeat((byte)0x20, 160).ToArray();
    private int _frames;
    private long _samples8;
    private int _silentFrames;
    private int _wrongFrames;

    public UplinkTests() => _uplink = new Uplink(this);

    void IUplinkSink.OnCallerPcm8kHz(Span<short> pcm) => _samples8 += pcm.Length;

    void IUplinkSink.OnUplinkFrame(ReadOnlySpan<short> pcm16kHz)
    {
        _frames++;
        if (pcm16kHz.Length != 320) _wrongFrames++;
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
        Assert.Equal(0, _wrongFrames);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(240)]
    [InlineData(480)]
    [InlineData(1200)]
    public void OnAudio_OtherPacketTimes_LoseNothing(int bytes)
    {
        for (var i = 0; i < 40; i++) _uplink.OnAudio(G711Codec.ALaw, new byte[bytes]);
        Assert.Equal(40 * bytes, _samples8);
        Assert.Equal(40 * bytes / 160, _frames);
    }

    [Fact]
    public void OnTick_NoPackets_FillsInRealTime()
    {
        _uplink.OnAudio(G711Codec.MuLaw, _packet);
        for (var i = 1; i <= 53; i++) _uplink.OnTick(TimeSpan.FromMilliseconds(20 * i));
        Assert.Equal(1 + 50, _frames);
        Assert.InRange(_silentFrames, 49, 50);
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
    public void OnAudio_SteadyState_AllocatesNothing()
    {
        for (var i = 0; i < 100; i++) _uplink.OnAudio(G711Codec.MuLaw, _packet);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _uplink.OnAudio(G711Codec.MuLaw, _packet);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
