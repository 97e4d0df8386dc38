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
}
