using System.Net;
using VoiceGateway.Routing;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Calls;

/// <summary>
/// Who may hand one of our calls on, and to whom: a caller must not be able to have us dial numbers that cost, nor take over a
/// call of somebody else's.
/// </summary>
internal static class ReferralRules
{
    /// <summary>Whether this side is one that may.</summary>
    public static bool MayAsk(CallOptions options, SipCall sip) => options.AcceptRefer switch
    {
        AcceptRefer.Everybody => true,
        AcceptRefer.KnownPeers => sip.Peer is not null || IPAddress.IsLoopback(sip.PeerEndPoint.Address),
        _ => false,
    };

    /// <summary>Where the call goes; null: not there.</summary>
    public static SipUri? Allowed(CallOptions options, AgentProfile agent, SipCall sip, SipIncomingReferral referral)
    {
        if (ReferralTarget.Of(sip, referral.Target, options.TransferDomain) is not { } target) return null;
        if (referral.Replaces is not null && target.IsAtPeer) return target.Uri;
        if (target.Named is not { } named) return null;
        var human = TransferTarget.Parse(agent.Human);
        return (human is not null && named.Matches(human.Text)) || options.ReferTargets.Any(pattern => pattern is not null && named.Matches(pattern)) ? target.Uri : null;
    }

    /// <summary>
    /// RFC 3891 section 3 wants whoever replaces a dialog to be authorised: the same side that the call is with. That it knows the tags
    /// is no proof, they pass through proxies.
    /// </summary>
    public static bool MayReplace(CallOptions options, SipCall next, SipCall replaced) =>
        MayAsk(options, next)
        && (options.AcceptRefer == AcceptRefer.Everybody
            || (next.Peer is { } peer && replaced.Peer is { } other
                ? Equals(peer, other)
                : next.PeerEndPoint.Address.Equals(replaced.PeerEndPoint.Address)));
}
