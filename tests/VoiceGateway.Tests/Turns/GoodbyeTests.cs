using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class GoodbyeTests
{
    private readonly Goodbye _goodbye = new();

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
    public void Tick_TurnOverBeforeTheGoodbyeIsSaid_WaitsForIt()
    {
        // The model asks first, and says goodbye when the tool has answered.
        _goodbye.Ask();
        _goodbye.TurnComplete();
        Assert.False(Ticks(60, audible: false));
        Assert.False(Ticks(80, audible: true));
        Assert.True(Ticks(13, audible: false));
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
        Assert.True(Ticks(101, audible: false));
    }

    private bool Ticks(int count, bool audible)
    {
        for (var i = 0; i < count; i++)
            if (_goodbye.Tick(audible)) return true;
        return false;
    }
}
