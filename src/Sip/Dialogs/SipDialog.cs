using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>The state of RFC 3261 section 12: who, by which route, and the sequence numbers of both directions.</summary>
internal sealed class SipDialog
{
    private readonly IPAddress _home;
    private IReadOnlyList<SipNameAddress> _routes;
    private string? _homeName;
    private uint _localSequence;
    private uint? _remoteSequence;

    private SipDialog(DialogId id, SipNameAddress local, SipNameAddress remote, IReadOnlyList<SipNameAddress> routes, SipUri target, SipFlow flow)
    {
        Id = id;
        Local = local;
        Remote = remote;
        _routes = routes;
        RemoteTarget = target;
        Flow = flow;
        _home = flow.RemoteEndPoint.Address;
    }

    public DialogId Id { get; }

    public SipNameAddress Local { get; }

    public SipNameAddress Remote { get; }

    public SipUri RemoteTarget { get; private set; }

    /// <summary>The way by which the peer last reached us, or we it.</summary>
    public SipFlow Flow { get; private set; }

    /// <summary>The next place a request goes to (section 12.2.1.1 with 8.1.2).</summary>
    public SipUri NextHop => _routes is [var first, ..] ? first.Uri : RemoteTarget;

    /// <summary>
    /// Where requests go without asking DNS or the Contact: a connection goes on being used, and a peer behind NAT, whose Contact is
    /// an address that only it can use, is sent to where it sent from (as RFC 3581 does for responses).
    /// </summary>
    public SipFlow? PreferredFlow { get; private set; }

    /// <summary>Told whenever <see cref="Flow"/> is another one.</summary>
    public Action<SipFlow>? Moved { get; set; }

    /// <summary>Our credentials for the requests within the dialog; null: a challenge is the outcome.</summary>
    public DigestClient? Digest { get; set; }

    /// <summary>
    /// Whether requests go to where the INVITE went, or came from. Otherwise they pass by the peer whose call it is, straight to whoever is behind it.
    /// </summary>
    public bool LeadsHome => (PreferredFlow?.RemoteEndPoint.Address ?? NextHop.HostAddress) is { } address
        ? address.Equals(_home)
        : NextHop.Host.Equals(_homeName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Section 12.1.1: the dialog of an INVITE that we answer.</summary>
    public static SipDialog OfIncoming(SipRequest invite, string localTag, SipFlow flow)
    {
        var id = new DialogId(invite.CallId, localTag, invite.From.Tag ?? "");
        var dialog = new SipDialog(id, WithTag(invite.To, localTag), invite.From, [.. invite.RecordRoutes], invite.Contact!.Uri, flow)
        {
            _remoteSequence = invite.CSeq.Number,
        };
        dialog.ChooseFlow(flow, IsBehindNat(invite, flow));
        return dialog;
    }

    /// <summary>Section 12.1.2: the dialog that a response to our INVITE establishes.</summary>
    public static SipDialog OfOutgoing(SipRequest invite, SipResponse response, SipFlow flow)
    {
        var target = response.Contact?.Uri ?? invite.RequestUri; // a 2xx without Contact is against the rules, and no reason to lose a call
        var dialog = new SipDialog(DialogId.OfResponse(response), invite.From, response.To, [.. response.RecordRoutes.Reverse()], target, flow)
        {
            _localSequence = invite.CSeq.Number,
            _homeName = (invite.Routes is [var first, ..] ? first.Uri : invite.RequestUri).Host,
        };
        dialog.ChooseFlow(flow, isBehindNat: false);
        return dialog;
    }

    /// <summary>Section 12.2.2: false for a request whose number goes back.</summary>
    public bool TryAdvance(uint sequence)
    {
        if (sequence < _remoteSequence)
            return false;
        _remoteSequence = sequence;
        return true;
    }

    /// <summary>Target refresh (section 12.2): the Contact of a re-INVITE or of its 2xx.</summary>
    public void Refresh(SipMessage message, SipFlow flow)
    {
        if (message.Contact is not { Uri.IsSip: true } contact)
            return;
        RemoteTarget = contact.Uri;
        ChooseFlow(flow, message is SipRequest request && IsBehindNat(request, flow));
    }

    /// <summary>
    /// The 2xx of an early dialog of ours: its route set and Contact are the ones that count (section 13.2.2.4); the sequence numbers
    /// go on, since PRACK and UPDATE have had theirs.
    /// </summary>
    public void Confirm(SipResponse response, SipFlow flow)
    {
        _routes = [.. response.RecordRoutes.Reverse()];
        RemoteTarget = response.Contact?.Uri ?? RemoteTarget;
        ChooseFlow(flow, isBehindNat: false);
    }

    /// <summary>A request within the dialog (section 12.2.1.1); Via and Contact are the sender's to add.</summary>
    public SipRequest CreateRequest(string method) => CreateRequest(method, NextSequence());

    /// <summary>The number of a request that is sent again with something added, such as credentials (section 22.2).</summary>
    public uint NextSequence() => ++_localSequence;

    /// <summary>ACK has the number of its INVITE (section 13.2.2.4).</summary>
    public SipRequest CreateAck(uint inviteSequence) => CreateRequest(SipMethods.Ack, inviteSequence);

    private SipRequest CreateRequest(string method, uint sequence)
    {
        bool isStrict = _routes is [var next, ..] && !next.Uri.Parameters.Contains("lr");
        var uri = isStrict ? WithoutForbidden(_routes[0].Uri) : RemoteTarget;
        var request = SipRequest.Create(method, uri, Local, Remote, Id.CallId, sequence);
        foreach (var route in _routes.Skip(isStrict ? 1 : 0))
            request.Headers.Add(SipHeaderNames.Route, route.ToString());
        if (isStrict)
            request.Headers.Add(SipHeaderNames.Route, new SipNameAddress(RemoteTarget).ToString());
        return request;
    }

    private void ChooseFlow(SipFlow flow, bool isBehindNat)
    {
        if (Flow != flow)
        {
            Flow = flow;
            Moved?.Invoke(flow);
        }

        bool isDirect = _routes.Count == 0;
        PreferredFlow = flow.IsReliable || (isDirect && (isBehindNat || IsPrivateBehind(RemoteTarget, flow))) ? flow : null;
    }

    /// <summary>Section 19.1.1: a Request-URI has no method parameter and no headers.</summary>
    private static SipUri WithoutForbidden(SipUri uri) => uri.WithoutParameter("method").WithoutHeaders();

    private static SipNameAddress WithTag(SipNameAddress address, string tag) => address.Tag is null ? address.WithTag(tag) : address;

    /// <summary>The single Via of a direct peer does not show the address its packets come from.</summary>
    private static bool IsBehindNat(SipRequest request, SipFlow flow) =>
        request.Vias.Count == 1 && request.TopVia.HostAddress is { } sentBy && !sentBy.Equals(flow.RemoteEndPoint.Address);

    private static bool IsPrivateBehind(SipUri target, SipFlow flow) =>
        target.HostAddress is { } address && IsPrivate(address) && !IsPrivate(flow.RemoteEndPoint.Address) && !IPAddress.IsLoopback(flow.RemoteEndPoint.Address);

    /// <summary>RFC 1918, 3927 and 6598; for IPv6 unique local and link local addresses.</summary>
    private static bool IsPrivate(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal;
        Span<byte> b = stackalloc byte[4];
        return address.TryWriteBytes(b, out _) && (b[0] is 10 or 127
            || (b[0] == 172 && b[1] is >= 16 and < 32)
            || (b[0] == 192 && b[1] == 168)
            || (b[0] == 169 && b[1] == 254)
            || (b[0] == 100 && b[1] is >= 64 and < 128));
    }
}
