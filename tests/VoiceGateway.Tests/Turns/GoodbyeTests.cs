using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class GoodbyeTests
{
    private readonly SettableTime _time = new();
    private readonly Goodbye _goodbye;

    public GoodbyeTests() => _goodbye = new Goodbye(_time);

    [Fact]
    public void Tick_GoodbyeStillPlaying_Waits()
    {
        _goodbye.Ask();
        _goodbye.TurnComplete();
        Assert.False(Ticks(100, audible: true));
        Assert.True(Ticks(20, audible: false));
    }

    [Fact]
    public void Tick_NeverAsked_NeverHangsUp() => Assert.False(Ticks(1000, audible: false));

    [Fact]
    public void Tick_TurnStillOpen_GivesTheModelTimeToSpeak()
    {
        _goodbye.Ask();
        Assert.False(Ticks(50, audible: false));
        Assert.False(Ticks(50, audible: true));
        Assert.True(Ticks(101, audible: false));
    }

    [Fact]
    public void Interrupted_CallerHasMoreToSay_Lapses()
    {
        _goodbye.Ask();
        _goodbye.Interrupted();
        _goodbye.TurnComplete();
        Assert.False(Ticks(200, audible: false));
        _goodbye.Ask();
        _goodbye.TurnComplete();
        Assert.True(Ticks(20, audible: false));
    }

    [Fact]
    public void Tick_AgentNeverFallsSilent_EndsAllTheSame()
    {
        _goodbye.Ask();
        _time.Advance(31_000);
        Assert.True(_goodbye.Tick(agentAudible: true));
    }

    private bool Ticks(int count, bool audible)
    {
        for (var i = 0; i < count; i++)
            if (_goodbye.Tick(audible)) return true;
        return false;
    }
}
