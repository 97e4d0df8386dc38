namespace VoiceGateway.Caller.Tests;

public class DurationTextTests
{
    [Theory]
    [InlineData("700ms", 700)]
    [InlineData("1.5s", 1500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0s", 0)]
    public void TryParse_Duration_IsUnderstood(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("700")]
    [InlineData("ms")]
    [InlineData("-1s")]
    [InlineData("1,5s")]
    [InlineData("1e3s")]
    [InlineData("9999h")]
    [InlineData("soon")]
    public void TryParse_NoDuration_IsRefused(string? text) => Assert.False(DurationText.TryParse(text, out _));
}
