using VoiceGateway.Calls;

namespace VoiceGateway.Tests.Calls;

public sealed class CallEndReasonsTests
{
    public static TheoryData<CallEndReason> All => [.. Enum.GetValues<CallEndReason>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Meaning_EveryReason_IsUsableEverywhere(CallEndReason reason)
    {
        var meaning = reason.Meaning();
        Assert.InRange(meaning.SipStatus, 400, 699);
        Assert.InRange(meaning.Q850Cause, 1, 127);
        Assert.Matches("^[a-z0-9_]+$", meaning.Tag);
        Assert.DoesNotContain('"', meaning.Text);
        Assert.Equal($"Q.850;cause={meaning.Q850Cause};text=\"{meaning.Text}\"", meaning.ReasonHeader);
    }

    [Fact]
    public void Meaning_Tags_AreDistinct()
    {
        var tags = Enum.GetValues<CallEndReason>().Select(r => r.Meaning().Tag).ToArray();
        Assert.Equal(tags.Length, tags.Distinct().Count());
    }

    [Fact]
    public void Meaning_NotTheCallersDoing_OwesAWord()
    {
        Assert.True(CallEndReason.LiveLost.Meaning().Apologise);
        Assert.True(CallEndReason.LiveUnavailable.Meaning().Apologise);
        Assert.True(CallEndReason.InternalError.Meaning().Apologise);
        Assert.False(CallEndReason.CallerHungUp.Meaning().Apologise);
    }
}
