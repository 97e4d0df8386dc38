using VoiceGateway.Tests.Tools;
using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class TextAllowanceTests
{
    [Fact]
    public void TryTake_FasterThanAPersonTypes_IsRefusedForAWhile()
    {
        var time = new ManualTimers();
        var texts = new TextAllowance(time);
        for (var i = 0; i < TextAllowance.AtOnce; i++) Assert.True(texts.TryTake());
        Assert.False(texts.TryTake());
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.True(texts.TryTake());
        Assert.False(texts.TryTake());
        time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < TextAllowance.AtOnce; i++) Assert.True(texts.TryTake());
        Assert.False(texts.TryTake());
    }

    [Fact]
    public void TryTake_SlowlyButWithoutEnd_IsRefusedInTheEnd()
    {
        var time = new ManualTimers();
        var texts = new TextAllowance(time);
        var taken = 0;
        for (var i = 0; i < 2 * TextAllowance.InAll; i++, time.Advance(TimeSpan.FromSeconds(1)))
            if (texts.TryTake()) taken++;
        Assert.Equal(TextAllowance.InAll, taken);
    }
}
