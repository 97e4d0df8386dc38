using System.Net;

namespace VoiceGateway.Sip;

/// <summary>
/// One call: the INVITE dialog and its session, incoming or outgoing. Everything that changes it runs in its mailbox, one thing
/// after another; the public members may be called from any thread, and from within the handler's callbacks.
/// <para>
/// Who and where is here; what the application can do with it in SipCall.Commands.cs, how it comes about in SipCall.Establishing.cs,
/// the requests within it in SipCall.Requests.cs, and how it ends in SipCall.Ending.cs.
/// </para>
/// </summary>
public sealed partial class SipCall
{
    private readonly SipStack _stack;
    private IncomingInvite? _incoming;
    private OutgoingInvite? _outgoing;
    private SipFlow? _flow;
    private volatile SipCallState _state;

    private SipCall(SipStack stack, bool isIncoming)
    {
        _stack = stack;
        IsIncoming = isIncoming;
        Mailbox = new Mailbox(OnFault);
        _requests = new DialogRequests(this, stack);
        Referrals = new OutgoingReferrals(this, stack);
        Acks = new PendingAcks(stack, OnAcknowledged, OnUnacknowledged);
        Changes = new SessionChanges(this, stack);
        SessionTimer = new SessionTimer(stack, Mailbox, Changes.Refresh, OnSessionExpired);
        _state = isIncoming ? SipCallState.Proceeding : SipCallState.Calling;
    }

    public string CallId => Invite.CallId;

    public bool IsIncoming { get; }

    /// <summary>The INVITE that began the call.</summary>
    public SipRequest Invite { get; private set; } = null!;

    public SipUri LocalUri => (IsIncoming ? Invite.To : Invite.From).Uri;

    public SipUri RemoteUri => (IsIncoming ? Invite.From : Invite.To).Uri;

    public SipNameAddress From => Invite.From;

    public SipNameAddress To => Invite.To;

    /// <summary>Whatever the gatekeeper knows the caller by, or the host whom it calls (<see cref="SipOutgoingCall.Peer"/>); null when neither said.</summary>
    public object? Peer { get; internal set; }

    /// <summary>Where the INVITE came from or went to.</summary>
    public IPEndPoint PeerEndPoint { get; private set; } = null!;

    public SipTransportKind Transport { get; private set; }

    /// <summary>Our address on the way to the peer.</summary>
    public IPAddress LocalAddress { get; private set; } = null!;

    /// <summary>Our address as SDP tells the peer: the advertised one, or the interface's where the peer is on our side of the NAT.</summary>
    public IPAddress AdvertisedAddress { get; private set; } = null!;

    public SipCallState State
    {
        get => _state;
        internal set => _state = value;
    }

    /// <summary>How the call ended, once it has.</summary>
    public Task<SipCallEnd> Completion => _completion.Task;

    internal Mailbox Mailbox { get; }

    internal string LocalTag { get; private set; } = SipIdentifiers.NewTag();

    /// <summary>Null for an outgoing call before its answer.</summary>
    internal SipDialog? Dialog { get; private set; }

    /// <summary>Offer/answer of <see cref="Dialog"/>.</summary>
    internal OfferAnswerState Offers { get; private set; } = new();

    internal ISessionNegotiator? Negotiator
    {
        get => Offers.Negotiator;
        set => Offers.Negotiator = value;
    }

    /// <summary>2xx that we sent and whose ACK is due.</summary>
    internal PendingAcks Acks { get; }

    /// <summary>Re-INVITEs and UPDATEs of ours.</summary>
    internal SessionChanges Changes { get; }

    internal SessionTimer SessionTimer { get; }

    internal OutgoingReferrals Referrals { get; }

    /// <summary>What the peer says it can do.</summary>
    internal PeerAbilities Abilities { get; } = new();

    internal bool HasPendingIncomingInvite => _incoming is { IsPending: true };

    internal bool HasPendingOutgoingInvite => Changes.HasPendingInvite || (!IsIncoming && Dialog is null);

    public override string ToString() =>
        $"{(IsIncoming ? "incoming" : "outgoing")} call {Invite?.CallId} {_state} ({Transport.UriName()}:{PeerEndPoint})";
}
