using System.Net;

namespace VoiceGateway.Sip;

internal sealed class UdpFlow : SipFlow
{
    private readonly UdpTransport _transport;
    private readonly SocketAddress _address;

    /// <param name="transport">The socket.</param>
    /// <param name="address">The peer's.</param>
    /// <param name="local">Our address that the peer sends to, as a number; zero: not known, the route decides.</param>
    public UdpFlow(UdpTransport transport, SocketAddress address, UInt128 local)
    {
        Local = local;
        _transport = transport;
        _address = address;
        RemoteEndPoint = (IPEndPoint)new IPEndPoint(transport.Bound.EndPoint.Address, 0).Create(address);
    }

    public override SipTransportKind Kind => SipTransportKind.Udp;

    public override IPEndPoint RemoteEndPoint { get; }

    public override IPEndPoint LocalEndPoint =>
        new(_transport.LocalAddressTowards(RemoteEndPoint.Address, Local), _transport.Bound.EndPoint.Port);

    public UInt128 Local { get; }

    public override SipListen Listen => _transport.Bound;

    public override bool IsOpen => true;

    public override bool Send(ReadOnlySpan<byte> message) => _transport.Send(message, _address, Local);

    public override SipFlow Towards(IPEndPoint remote) =>
        remote.Equals(RemoteEndPoint) || remote.AddressFamily != _transport.Family ? this : new UdpFlow(_transport, remote.Serialize(), Local);

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
