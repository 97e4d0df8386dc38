using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>An even RTP port and the odd RTCP port above it (RFC 3550 section 11), both bound. Disposing closes them and starts their quarantine.</summary>
public sealed class RtpPorts : IDisposable
{
    private Action<int>? _release;

    internal RtpPorts(Socket rtp, Socket rtcp, int rtpPort, Action<int> release)
    {
        Rtp = rtp;
        Rtcp = rtcp;
        RtpPort = rtpPort;
        _release = release;
    }

    public Socket Rtp { get; }

    public Socket Rtcp { get; }

    public int RtpPort { get; }

    public IPEndPoint LocalEndPoint => new(((IPEndPoint)Rtp.LocalEndPoint!).Address, RtpPort);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _release, null) is not { } release)
            return;
        Rtp.Dispose();
        Rtcp.Dispose();
        release(RtpPort);
    }
}
