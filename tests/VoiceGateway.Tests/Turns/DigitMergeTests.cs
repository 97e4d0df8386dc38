using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class DigitMergeTests
{
    private readonly SettableTime _time = new();

    [Theory]
    // r: by RTP, i: by INFO.
    [InlineData("r1 i1", "1")]
    [InlineData("i1 r1", "1")]
    [InlineData("r1 r1 i1 i1", "11")]
    [InlineData("r1 i1 r1 i1", "11")]
    [InlineData("r1 r2 i1 i2", "12")]
    [InlineData("i1 i1 i1", "111")]
    [InlineData("r1 r1", "11")]
    [InlineData("r1 i2", "12")]
    public void IsNew_TwinOfAPress_IsNot(string presses, string expected)
    {
        var merge = new DigitMerge(_time);
        var heard = string.Concat(presses.Split(' ').Where(p => merge.IsNew(p[1], p[0] == 'i')).Select(static p => p[1]));
        Assert.Equal(expected, heard);
    }

    [Fact]
    public void IsNew_LongAfter_IsAnotherPress()
    {
        var merge = new DigitMerge(_time);
        Assert.True(merge.IsNew('1', byInfo: false));
        _time.Advance(3000);
        Assert.True(merge.IsNew('1', byInfo: true));
    }
}
