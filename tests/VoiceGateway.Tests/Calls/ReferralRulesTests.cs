using VoiceGateway.Calls;
using VoiceGateway.Routing;
using VoiceGateway.Sip;

namespace VoiceGateway.Tests.Calls;

public sealed class ReferralRulesTests
{
    // A Replaces is the peer's word that the other end is in a call already: enough to call there, not to pay for it.
    [Theory]
    [InlineData("sip:+900123@127.0.0.1", true, false)]
    [InlineData("sip:200@127.0.0.1", true, true)]
    [InlineData("sip:200@127.0.0.1", false, true)]
    [InlineData("sip:300@127.0.0.1", false, true)]
    [InlineData("sip:+900123@127.0.0.1", false, null)]
    [InlineData("sip:+900123@elsewhere.example", true, null)]
    [InlineData("tel:+900123", true, null)]
    public async Task Allowed_Target_IsListedOrTakesAPlaceAtThePeer(string target, bool replaces, bool? isListed)
    {
        await using var pair = await TransferPair.RingingAsync();
        Assert.True(SipUri.TryParse(target, out var uri));
        Assert.Equal(isListed, ReferralRules.Allowed(new CallOptions { ReferTargets = ["2*"] }, new AgentProfile { Human = "300" }, pair.Ours, uri!, replaces)?.IsListed);
    }
}
