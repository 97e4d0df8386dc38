using VoiceGateway.Codecs;
using VoiceGateway.Media;

namespace VoiceGateway.Tests.Media;

public sealed class KeyTonesTests
{
    private readonly KeyTones _keys = new();
    private readonly short[] _frame = new short[160];

    [Fact]
    public void TryFill_NoKeys_ChangesNothing()
    {
        _frame[0] = 7;
        Assert.False(_keys.TryFill(_frame, 8000));
        Assert.Equal(7, _frame[0]);
        Assert.True(_keys.IsIdle);
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void TryFill_AllKeys_AreHeardInOrderAndEnd(int rateHz)
    {
        const string All = "0123456789*#ABCD";
        foreach (var key in All) Assert.True(_keys.TryQueue(key, 80));
        var (detector, toNarrow) = (new DtmfDetector(), Resampler.From16To8kHz());
        var frame = new short[rateHz / 50];
        var heard = "";
        var frames = 0;
        for (; _keys.TryFill(frame, rateHz); frames++)
        {
            if (rateHz == 16000) toNarrow.Process(frame, _frame);
            else frame.CopyTo(_frame, 0);
            heard += detector.Process(_frame);
        }
        Assert.Equal(All, heard);
        // 80 ms each, and 80 between.
        Assert.Equal(8 * All.Length, frames);
        Assert.True(_keys.IsIdle);
    }

    [Fact]
    public void TryFill_RateChangesUnderAKey_TheNextGoesOn()
    {
        _keys.TryQueue('1', 1000);
        _keys.TryQueue('2', 100);
        Assert.True(_keys.TryFill(_frame, 8000));
        var frame = new short[320];
        var frames = 0;
        while (_keys.TryFill(frame, 16000)) frames++;
        Assert.Equal(9, frames);
    }

    [Fact]
    public void Drop_UnderAKey_ItGoesOnAndTheOthersAreGone()
    {
        foreach (var key in "12") _keys.TryQueue(key, 100);
        Assert.True(_keys.TryFill(_frame, 8000));
        _keys.Drop(begunToo: false);
        for (var frame = 1; frame < 9; frame++) Assert.True(_keys.TryFill(_frame, 8000));
        Assert.False(_keys.TryFill(_frame, 8000));
    }

    [Fact]
    public void Drop_BegunToo_OnlyWhatComesNextIsHeard()
    {
        foreach (var key in "12") _keys.TryQueue(key, 100);
        Assert.True(_keys.TryFill(_frame, 8000));
        _keys.Drop(begunToo: true);
        Assert.True(_keys.IsIdle);
        Assert.False(_keys.TryFill(_frame, 8000));
        _keys.TryQueue('3', 100);
        Assert.False(_keys.IsIdle);
        var (detector, heard) = (new DtmfDetector(), "");
        while (_keys.TryFill(_frame, 8000)) heard += detector.Process(_frame);
        Assert.Equal("3", heard);
    }

    [Fact]
    public void TryQueue_SixtyFourWait_RefusesTheNext()
    {
        for (var i = 0; i < 64; i++) Assert.True(_keys.TryQueue('1', 40));
        Assert.False(_keys.TryQueue('1', 40));
    }
}
