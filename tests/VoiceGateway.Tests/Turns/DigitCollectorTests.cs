using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class DigitCollectorTests
{
    private readonly DigitCollector _digits = new();

    [Fact]
    public void Tick_AfterAPause_GivesTheWholeNumber()
    {
        foreach (var digit in "0301234")
        {
            _digits.Add(digit);
            for (var i = 0; i < 20; i++) Assert.Null(_digits.Tick());
        }
        Assert.Equal("0301234", TicksUntilComplete(75));
        Assert.Null(TicksUntilComplete(200));
    }

    [Fact]
    public void Tick_Hash_CompletesAtOnce()
    {
        _digits.Add('4');
        _digits.Add('#');
        Assert.Equal("4#", _digits.Tick());
    }

    private string? TicksUntilComplete(int ticks)
    {
        for (var i = 0; i < ticks; i++)
            if (_digits.Tick() is { } digits) return digits;
        return null;
    }
}
