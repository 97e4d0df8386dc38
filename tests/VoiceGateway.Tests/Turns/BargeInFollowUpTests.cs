using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class BargeInFollowUpTests
{
    private readonly SettableTime _time = new();
    private readonly BargeInFollowUp _followUp;

    public BargeInFollowUpTests() => _followUp = new BargeInFollowUp(_time);

    [Fact]
    public void Cut_CallerHeardLately_TellsOnceWhenTheWordsHaveCaughtUp()
    {
        _followUp.CallerHeard();
        _time.Advance(1000);
        _followUp.Cut(byModel: true);
        Assert.Equal(BargeInVerdict.TellHeard, After(200));
        Assert.Equal(BargeInVerdict.None, After(1000));
    }

    [Fact]
    public void Cut_ByTheModelWithNobodySpeaking_IsAPhantom()
    {
        _followUp.CallerHeard();
        _time.Advance(1600);
        _followUp.Cut(byModel: true);
        Assert.Equal(BargeInVerdict.Phantom, After(500));
    }

    [Fact]
    public void Cut_CallerHeardSoonAfter_IsNoPhantom()
    {
        _followUp.Cut(byModel: true);
        Assert.Equal(BargeInVerdict.None, After(400));
        _followUp.CallerHeard();
        Assert.Equal(BargeInVerdict.TellHeard, After(20));
    }

    [Fact]
    public void Cut_OnThisSideFirstAndByTheModelLater_TellsOnce()
    {
        _followUp.Cut(byModel: false);
        _time.Advance(100);
        _followUp.Cut(byModel: true);
        Assert.Equal(BargeInVerdict.TellHeard, After(100));
        Assert.Equal(BargeInVerdict.None, After(1000));
    }

    [Fact]
    public void Forget_TheModelSpeaksOn_NothingIsToldLater()
    {
        _followUp.Cut(byModel: true);
        _followUp.Forget();
        Assert.Equal(BargeInVerdict.None, After(1000));
    }

    private BargeInVerdict After(double milliseconds)
    {
        var verdict = BargeInVerdict.None;
        for (var ms = 0; ms < milliseconds; ms += 20)
        {
            _time.Advance(20);
            if (_followUp.Tick() is not BargeInVerdict.None and var now)
            {
                Assert.Equal(BargeInVerdict.None, verdict);
                Assert.InRange(ms + 20, milliseconds, milliseconds);
                verdict = now;
            }
        }
        return verdict;
    }
}
