using VoiceGateway.Signalling;
using VoiceGateway.Sip;
using VoiceGateway.Tests.Calls;

namespace VoiceGateway.Tests.Signalling;

/// <summary>Whom a peer at 127.0.0.1 asks us to call, in the forms that PBXs and telephones write.</summary>
public sealed class ReferralTargetTests
{
    [Theory]
    [InlineData("sip:200@127.0.0.1:5099", "", "200", "sip:200@127.0.0.1:5099", true)]
    [InlineData("sip:+49-30-1@127.0.0.1;user=phone", "", "+49301", "sip:+49-30-1@127.0.0.1;user=phone", true)]
    [InlineData("sip:200@pbx.example", "pbx.example:5070", "200", "sip:200@pbx.example", true)]
    [InlineData("sip:200@elsewhere.example", "", "sip:200@elsewhere.example", "sip:200@elsewhere.example", false)]
    // With maddr the host is not where it goes.
    [InlineData("sip:200@127.0.0.1;maddr=192.0.2.9", "", "sip:200@127.0.0.1;maddr=192.0.2.9", "sip:200@127.0.0.1;maddr=192.0.2.9", false)]
    public async Task Of_Uri_IsTheirsOrElsewhere(string target, string domain, string named, string uri, bool isAtPeer)
    {
        await using var pair = await TransferPair.RingingAsync();
        var referral = Of(pair.Ours, target, domain);
        Assert.Equal((named, uri, isAtPeer), (referral!.Named!.Text, referral.Uri.ToString(), referral.IsAtPeer));
    }

    [Theory]
    [InlineData("tel:+49-30-1", "+49301")]
    [InlineData("tel:7042;phone-context=example.com", "7042")]
    public async Task Of_TelephoneNumber_IsCalledAtTheirSystem(string target, string number)
    {
        await using var pair = await TransferPair.RingingAsync();
        var referral = Of(pair.Ours, target, "");
        Assert.Equal((number, $"sip:{number}@127.0.0.1:{pair.CallerPort}", false), (referral!.Named!.Text, referral.Uri.ToString(), referral.IsAtPeer));
    }

    [Fact]
    public async Task Of_NumberAtOurAddress_IsTheirsAllTheSame()
    {
        await using var pair = await TransferPair.RingingAsync();
        var referral = Of(pair.Ours, $"sip:200@127.0.0.1:{pair.Ours.Invite.RequestUri.Port}", "");
        Assert.Equal(("200", $"sip:200@127.0.0.1:{pair.CallerPort}"), (referral!.Named!.Text, referral.Uri.ToString()));
    }

    // A caller writes into From what they like: no reason to call there unasked.
    [Fact]
    public async Task Of_HostOfFrom_IsTheirsByTheirOwnWordOnly()
    {
        await using var pair = await TransferPair.RingingAsync("pbx.example");
        var referral = Of(pair.Ours, "sip:200@PBX.example", "");
        Assert.Equal(("200", false), (referral!.Named!.Text, referral.IsAtPeer));
        Assert.Equal($"sip:200@127.0.0.1:{pair.CallerPort}", referral.Uri.ToString());
    }

    // The INVITE may carry a password: it goes to the trunk, not to a host that the caller has made up.
    [Theory]
    [InlineData("tel:+49-30-1", "sip:pbx.example:5070", "sip:+49301@pbx.example:5070")]
    [InlineData("tel:200", "sips:[2001:db8::1]", "sips:200@[2001:db8::1]")]
    [InlineData("tel:200", "", null)]
    [InlineData("sip:200@evil.example", "sip:pbx.example", "sip:200@pbx.example")]
    public async Task Of_NumberOfATrunk_GoesToItsServer(string target, string server, string? expected)
    {
        var trunk = new Trunk("pbx", new TrunkOptions { Server = server }, null, null);
        await using var pair = await TransferPair.RingingAsync("evil.example", trunk);
        Assert.Equal(expected ?? $"sip:200@127.0.0.1:{pair.CallerPort}", Of(pair.Ours, target, "")!.Uri.ToString());
    }

    [Fact]
    public async Task Of_Password_IsNobody()
    {
        await using var pair = await TransferPair.RingingAsync();
        Assert.Null(Of(pair.Ours, "sip:200:secret@127.0.0.1:5099", ""));
    }

    private static ReferralTarget? Of(SipCall sip, string target, string domain)
    {
        Assert.True(SipUri.TryParse(target, out var uri));
        return ReferralTarget.Of(sip, uri!, domain);
    }
}
