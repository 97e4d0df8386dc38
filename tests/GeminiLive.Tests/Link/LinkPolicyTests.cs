namespace VoiceGateway.GeminiLive.Tests;

public sealed class LinkPolicyTests
{
    [Fact]
    public void EveryKindOfEnding_HasAPolicy()
    {
        foreach (var kind in Enum.GetValues<LiveCloseKind>()) Assert.NotNull(LinkPolicy.For(kind));
    }

    /// <summary>Where the advice is not to try again, the link does not try the same again.</summary>
    [Fact]
    public void Credentials_AreNotTriedAgain()
    {
        Assert.Equal(LinkStep.NextRoute, LinkPolicy.For(LiveCloseKind.AuthenticationFailed).Connecting);
        Assert.Equal(LinkStep.NextRoute, LinkPolicy.For(LiveCloseKind.ModelNotFound).Connecting);
        Assert.Equal(LinkStep.NextRoute, LinkPolicy.For(LiveCloseKind.EndpointNotFound).Talking);
    }
}
