using VoiceGateway.Calls;

namespace VoiceGateway.Tests.Calls;

public sealed class CallKeysTests
{
    [Theory]
    [InlineData("1", true)]
    [InlineData("0123456789*#ABCDabcd", true)]
    [InlineData("1,,2p3P4", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData(",", false)]
    [InlineData("1 2", false)]
    [InlineData("E", false)]
    [InlineData("+49", false)]
    public void AreKeys_Text_IsWhatATelephoneHas(string? digits, bool are) => Assert.Equal(are, CallKeys.AreKeys(digits));

    [Fact]
    public void AreKeys_SixtyFive_AreTooMany()
    {
        Assert.True(CallKeys.AreKeys(new string('1', 64)));
        Assert.False(CallKeys.AreKeys(new string('1', 65)));
    }
}
