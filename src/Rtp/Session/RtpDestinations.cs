using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>Where packets and reports go, in the form that sockets take. Built anew only when an address changes.</summary>
internal sealed class RtpDestinations(Socket socket)
{
    private readonly AddressFamily _family = socket.AddressFamily;
    private readonly bool _isDualMode = socket.AddressFamily == AddressFamily.InterNetworkV6 && socket.DualMode;
    private TransportAddress? _signalledRtcp;
    private TransportAddress? _learntRtcp;
    private TransportAddress? _rtpFor;
    private TransportAddress? _rtcpFor;

    public SocketAddress? Rtp { get; private set; }

    public SocketAddress? Rtcp { get; private set; }

    /// <summary>For other threads to look at.</summary>
    public IPEndPoint? Remote { get; private set; }

    public bool CanReach(in TransportAddress address) =>
        address.IsIPv4 ? _family == AddressFamily.InterNetwork || _isDualMode : _family == AddressFamily.InterNetworkV6;

    public void SetSignalledRtcp(TransportAddress? address)
    {
        if (address == _signalledRtcp)
            return;
        _signalledRtcp = address;
        _learntRtcp = null;
    }

    /// <summary>RTCP may come from another host than RTP if the SDP says so (RFC 3605).</summary>
    public bool IsSignalledRtcpHost(in TransportAddress source) => _signalledRtcp is { } signalled && source.SameHost(signalled);

    /// <summary>Symmetric RTCP (RFC 4961): true when reports now go elsewhere.</summary>
    /// <param name="source">Where a report came from, of a host that is the peer's.</param>
    /// <param name="isOfStream">It names the SSRC that we hear: only that moves reports once they have a place.</param>
    public bool LearnRtcp(in TransportAddress source, bool isOfStream)
    {
        if (source == _learntRtcp || (_learntRtcp is not null && !isOfStream))
            return false;
        _learntRtcp = source;
        return true;
    }

    public void Update(RemoteLatch latch)
    {
        var rtp = latch.Destination;
        if (rtp != _rtpFor)
        {
            _rtpFor = rtp;
            var endPoint = rtp?.ToEndPoint(_family);
            Rtp = endPoint?.Serialize();
            Remote = endPoint;
        }

        var rtcp = rtp is null ? null : RtcpFor(rtp.Value, latch);
        if (rtcp != _rtcpFor)
        {
            _rtcpFor = rtcp;
            Rtcp = rtcp?.ToEndPoint(_family)?.Serialize();
        }
    }

    private TransportAddress? RtcpFor(in TransportAddress rtp, RemoteLatch latch)
    {
        if (_learntRtcp is { } learnt && learnt.SameHost(rtp))
            return learnt;

        // What the SDP says holds as long as the packets come from the host it names.
        if (_signalledRtcp is { IsUsable: true } signalled && latch.Signalled is { } host && host.SameHost(rtp))
            return signalled;
        return rtp.Port < ushort.MaxValue ? rtp.WithPort(rtp.Port + 1) : null;
    }
}
