using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>
/// Whom a peer asks us to call (Refer-To), seen from the call within which it asks: a number of its own system, or somebody
/// elsewhere.
/// </summary>
internal sealed class ReferralTarget
{
    private const int DefaultPort = 5060;

    private ReferralTarget(SipUri uri, TransferTarget? named, bool isAtPeer) => (Uri, Named, IsAtPeer) = (uri, named, isAtPeer);

    /// <summary>Where the INVITE goes.</summary>
    public SipUri Uri { get; }

    /// <summary>For comparing with what is allowed: the number where it is one of the peer's system, else the URI. Null: nothing that can be allowed.</summary>
    public TransferTarget? Named { get; }

    /// <summary>The address is one at the peer itself: what it costs to call there is for the peer to allow.</summary>
    public bool IsAtPeer { get; }

    /// <param name="sip">The call within which is asked.</param>
    /// <param name="target">A sip, sips or tel URI.</param>
    /// <param name="domain">Host or host:port whose numbers ours are; empty: the call's.</param>
    /// <returns>Null when it can be called by nobody.</returns>
    public static ReferralTarget? Of(SipCall sip, SipUri target, string domain)
    {
        var number = TransferTarget.Parse(DialledNumber.Of(target));
        // Many write the address that they reached us at: the number is theirs all the same.
        if (target.IsTel || IsOurs(sip, target)) return number is null ? null : new ReferralTarget(number.AtPeer(sip, domain), number, isAtPeer: false);
        // The password would be sent; with maddr the host says nothing of where it goes (RFC 3261 section 19.1.1).
        if (target.Password is not null) return null;
        var isDirect = !target.Parameters.Contains("maddr");
        if (isDirect && IsPeers(sip, target, domain)) return new ReferralTarget(target, number, isAtPeer: true);
        // The host of From is the caller's own word: good enough for a number that is looked up in a list, not for where the INVITE goes.
        if (isDirect && number is not null && IsAt(target, sip.RemoteUri)) return new ReferralTarget(number.AtPeer(sip, domain), number, isAtPeer: false);
        return new ReferralTarget(target, TransferTarget.Parse(target.ToString()), isAtPeer: false);
    }

    private static bool IsOurs(SipCall sip, SipUri target) =>
        sip.IsIncoming && IsAt(target, sip.Invite.RequestUri) && (target.Port ?? DefaultPort) == (sip.Invite.RequestUri.Port ?? DefaultPort);

    private static bool IsPeers(SipCall sip, SipUri target, string domain) =>
        Equals(target.HostAddress, sip.PeerEndPoint.Address)
        || (sip.Peer is Trunk { Server: { } server } && IsAt(target, server))
        || (domain.Length > 0 && SipUri.TryParse($"sip:{domain}", out var home) && IsAt(target, home!));

    private static bool IsAt(SipUri target, SipUri other) => target.Host.Length > 0 && target.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);
}
