using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class BargeInTests
{
    private readonly SettableTime _time = new();
    private readonly BargeIn _bargeIn;

    public BargeInTests() => _bargeIn = new BargeIn(new BargeInOptions { ConfirmMs = 700 }, _time);

    [Fact]
    public void CallerStarted_AgentAudible_Ducks() => Assert.Equal(BargeInAction.Duck, _bargeIn.CallerStarted(agentAudible: true));

    [Fact]
    public void CallerStarted_AgentSilent_DoesNothing() => Assert.Equal(BargeInAction.None, _bargeIn.CallerStarted(agentAudible: false));

    [Fact]
    public void CallerStopped_BeforeConfirmation_RestoresTheLevel()
    {
        _bargeIn.CallerStarted(true);
        _time.Advance(300);
        Assert.Equal(BargeInAction.None, _bargeIn.Tick(true));
        Assert.Equal(BargeInAction.Restore, _bargeIn.CallerStopped());
    }

    [Fact]
    public void Tick_SpeechSustained_FlushesOnce()
    {
        _bargeIn.CallerStarted(true);
        _time.Advance(701);
        Assert.Equal(BargeInAction.Flush, _bargeIn.Tick(true));
        _time.Advance(701);
        Assert.Equal(BargeInAction.None, _bargeIn.Tick(true));
        Assert.Equal(BargeInAction.None, _bargeIn.CallerStopped());
    }

    [Fact]
    public void Interrupted_Always_Flushes()
    {
        Assert.Equal(BargeInAction.Flush, _bargeIn.Interrupted());
        _bargeIn.CallerStarted(true);
        Assert.Equal(BargeInAction.Flush, _bargeIn.Interrupted());
        Assert.Equal(BargeInAction.None, _bargeIn.CallerStopped());
    }

    [Fact]
    public void Tick_AgentBeginsWhileCallerSpeaks_Ducks()
    {
        _bargeIn.CallerStarted(false);
        Assert.Equal(BargeInAction.Duck, _bargeIn.Tick(true));
    }

    [Fact]
    public void Tick_AgentFinishesWhileDucked_RestoresForTheNextReply()
    {
        _bargeIn.CallerStarted(true);
        Assert.Equal(BargeInAction.Restore, _bargeIn.Tick(false));
    }

    [Fact]
    public void CallerOnset_OverTheAgent_DucksALittleUntilSpeechIsCertain()
    {
        Assert.Equal(BargeInAction.Duck, _bargeIn.CallerOnset(agentAudible: true));
        Assert.Equal(Gain(8), _bargeIn.PlayoutGain, 3);
        _time.Advance(40);
        Assert.Equal(BargeInAction.None, _bargeIn.CallerStarted(true, agoMs: 40));
        Assert.Equal(Gain(14), _bargeIn.PlayoutGain, 3);
    }

    [Fact]
    public void CallerOnset_ThatWasAClick_IsRestoredSoonAndNotDuckedForAgainAtOnce()
    {
        _bargeIn.CallerOnset(true);
        _time.Advance(100);
        Assert.Equal(BargeInAction.None, _bargeIn.Tick(true));
        _time.Advance(20);
        Assert.Equal(BargeInAction.Restore, _bargeIn.Tick(true));
        Assert.Equal(1, _bargeIn.PlayoutGain);
        Assert.Equal(BargeInAction.None, _bargeIn.CallerOnset(true));
        _time.Advance(300);
        Assert.Equal(BargeInAction.Duck, _bargeIn.CallerOnset(true));
    }

    /// <summary>An unvoiced beginning: sound for 300 ms before it can be told to be speech. It counts from its first sound.</summary>
    [Fact]
    public void CallerOnset_SoundGoesOn_StaysDuckedAndCountsAsSpeechFromItsBeginning()
    {
        for (var ms = 0; ms < 300; ms += 20)
        {
            Assert.Equal(ms == 0 ? BargeInAction.Duck : BargeInAction.None, _bargeIn.CallerOnset(true));
            Assert.Equal(BargeInAction.None, _bargeIn.Tick(true));
            _time.Advance(20);
        }
        _bargeIn.CallerStarted(true, agoMs: 40);
        _time.Advance(399);
        Assert.Equal(BargeInAction.None, _bargeIn.Tick(true));
        _time.Advance(2);
        Assert.Equal(BargeInAction.Flush, _bargeIn.Tick(true));
    }

    [Fact]
    public void CallerStarted_SoonAfterAFalseAlarm_CountsFromItsSound()
    {
        _bargeIn.CallerOnset(true);
        _time.Advance(120);
        Assert.Equal(BargeInAction.Restore, _bargeIn.Tick(true));
        _time.Advance(230);
        Assert.Equal(BargeInAction.Duck, _bargeIn.CallerStarted(true, agoMs: 40));
        _time.Advance(351);
        Assert.Equal(BargeInAction.Flush, _bargeIn.Tick(true));
    }

    [Fact]
    public void CallerOnset_NoiseThatGoesOn_IsRestoredAfterALittleLonger()
    {
        var restoredMs = -1;
        for (var ms = 0; ms < 1000 && restoredMs < 0; ms += 20)
        {
            _bargeIn.CallerOnset(true);
            if (_bargeIn.Tick(true) == BargeInAction.Restore) restoredMs = ms;
            _time.Advance(20);
        }
        Assert.InRange(restoredMs, 380, 420);
    }

    [Fact]
    public void CallerOnset_AgentSilent_DoesNothing()
    {
        Assert.Equal(BargeInAction.None, _bargeIn.CallerOnset(agentAudible: false));
        Assert.Equal(1, _bargeIn.PlayoutGain);
    }

    [Fact]
    public void CallerPauses_BeforeConfirmation_RestoresAheadOfTheHangoverAndDucksAgain()
    {
        _bargeIn.CallerStarted(true);
        Assert.Equal(BargeInAction.None, _bargeIn.CallerPauses(220));
        Assert.Equal(BargeInAction.Restore, _bargeIn.CallerPauses(240));
        Assert.Equal(1, _bargeIn.PlayoutGain);
        Assert.Equal(BargeInAction.Duck, _bargeIn.CallerPauses(0));
        Assert.Equal(BargeInAction.Restore, _bargeIn.CallerStopped());
    }

    /// <summary>A word of 450 ms and the detector's hangover of 400 ms are no 700 ms of speech.</summary>
    [Fact]
    public void Tick_ShortWordAndItsHangover_IsNoInterruption()
    {
        _bargeIn.CallerStarted(true, agoMs: 40);
        for (var ms = 60; ms <= 840; ms += 20)
        {
            _time.Advance(20);
            _bargeIn.CallerPauses(Math.Max(0, ms - 450));
            Assert.NotEqual(BargeInAction.Flush, _bargeIn.Tick(true));
        }
        Assert.NotEqual(BargeInAction.Flush, _bargeIn.CallerStopped());
    }

    [Fact]
    public void Tick_SpeechCountsFromItsOnset_NotFromItsDetection()
    {
        _bargeIn.CallerStarted(true, agoMs: 40);
        _time.Advance(661);
        Assert.Equal(BargeInAction.Flush, _bargeIn.Tick(true));
    }

    private static double Gain(double db) => Math.Pow(10, -db / 20);
}
