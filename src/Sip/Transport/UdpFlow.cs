using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// A pair of addresses. A transport has one flow that it aims at each sender that it does not know yet (<see cref="Aim"/>): what is
/// let through gets one of its own (<see cref="Kept"/>), what floods us leaves nothing behind.
/// </summary>
internal sealed class UdpFlow : SipFlow
{
    private readonly UdpTransport _transport;
    private readonly SocketAddress _address;
    private readonly bool _isAimed;
    private IPEndPoint? _remote;

    /// <param name="transport">The socket.</param>
    /// <param name="address">The peer's.</param>
    /// <param name="local">Our address that the peer sends to, as a number; zero: not known, the route decides.</param>
    public UdpFlow(UdpTransport transport, SocketAddress address, UInt128 local)
        : this(transport, address, local, isAimed: false)
    {
    }

    private UdpFlow(UdpTransport transport, SocketAddress address, UInt128 local, bool isAimed)
    {
        Local = local;
        _transport = transport;
        _address = address;
        _isAimed = isAimed;
    }

    public override SipTransportKind Kind => SipTransportKind.Udp;

    public override IPEndPoint RemoteEndPoint => _remote ??= (IPEndPoint)new IPEndPoint(_transport.Bound.EndPoint.Address, 0).Create(_address);

    public override IPEndPoint LocalEndPoint =>
        new(_transport.LocalAddressTowards(RemoteEndPoint.Address, Local), _transport.Bound.EndPoint.Port);

    public UInt128 Local { get; private set; }

    public SocketAddress Address => _address;

    public override SipListen Listen => _transport.Bound;

    public override bool IsOpen => true;

    /// <summary>The flow to whomever <paramref name="address"/> holds at the moment.</summary>
    public static UdpFlow Aimed(UdpTransport transport, SocketAddress address) => new(transport, address, 0, isAimed: true);

    /// <summary>The address holds another sender now.</summary>
    public void Aim(UInt128 local)
    {
        Local = local;
        _remote = null;
    }

    public override SipFlow Kept() => _isAimed ? _transport.Keep(_address, Local) : this;

    public override int CopyRemoteAddress(Span<byte> destination)
    {
        // struct sockaddr_in: family, port, address; sockaddr_in6: family, port, flow, address
        bool isIPv6 = _address.Family == AddressFamily.InterNetworkV6;
        var octets = _address.Buffer.Span.Slice(isIPv6 ? 8 : 4, isIPv6 ? 16 : 4);
        octets.CopyTo(destination);
        return octets.Length;
    }

    public override bool Send(ReadOnlySpan<byte> message) => _transport.Send(message, _address, Local);

    public override SipFlow Towards(IPEndPoint remote) =>
        remote.AddressFamily != _transport.Family || remote.Equals(RemoteEndPoint) ? this : new UdpFlow(_transport, remote.Serialize(), Local);

    public override IDisposable KeepAlive(TimeSpan interval, bool expectsPong = false)
    {
        if (interval <= TimeSpan.Zero)
            return base.KeepAlive(interval, expectsPong);
        AddUse();
        var timer = _transport.PingEvery(interval, () => Send(Ping));
        return new FlowLease(interval, expectsPong, _ =>
        {
            timer.Dispose();
            ReleaseUse();
        });
    }
}
