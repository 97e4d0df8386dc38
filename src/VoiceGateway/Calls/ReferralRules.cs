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
    public static AllowedReferral? Allowed(CallOptions options, AgentProfile agent, SipCall sip, SipIncomingReferral referral) =>
        Allowed(options, agent, sip, referral.Target, referral.Replaces is not null);

    /// <inheritdoc cref="Allowed(CallOptions, AgentProfile, SipCall, SipIncomingReferral)"/>
    public static AllowedReferral? Allowed(CallOptions options, AgentProfile agent, SipCall sip, SipUri wanted, bool replaces)
    {
        if (ReferralTarget.Of(sip, wanted, options.TransferDomain) is not { } target) return null;
        if (target.Named is { } named && IsListed(options, agent, named)) return new AllowedReferral(target.Uri, IsListed: true);
        return replaces && target.IsAtPeer ? new AllowedReferral(target.Uri, IsListed: false) : null;
    }

    private static bool IsListed(CallOptions options, AgentProfile agent, TransferTarget named) =>
        (TransferTarget.Parse(agent.Human) is { } human && named.Matches(human.Text)) || options.ReferTargets.Any(pattern => pattern is not null && named.Matches(pattern));

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
