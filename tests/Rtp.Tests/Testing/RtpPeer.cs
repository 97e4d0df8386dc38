using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp.Tests;

/// <summary>A session without a clock, and sockets that send whatever a test wants to its ports.</summary>
internal sealed class RtpPeer : IDisposable
{
    private readonly List<Socket> _sockets = [];

    public RtpPeer(Func<RtpSessionOptions, RtpSessionOptions>? change = null)
    {
        var options = new RtpSessionOptions { Ports = TestPorts.Open(), TimeProvider = Time, TelephoneEventPayloadType = 101 };
        Session = new RtpSession(change?.Invoke(options) ?? options, Receiver);
        Socket = NewSocket();
        RtcpSocket = NewSocket();
    }

    public ManualTime Time { get; } = new();

    public RecordingReceiver Receiver { get; } = new();

    public RtpSession Session { get; }

    public Socket Socket { get; }

    public Socket RtcpSocket { get; }

    public RtpStatistics Statistics => Session.Statistics;

    public static IPEndPoint EndPoint(Socket socket) => (IPEndPoint)socket.LocalEndPoint!;

    public Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.ReceiveTimeout = 10_000;
        _sockets.Add(socket);
        return socket;
    }

    public void Send(params byte[][] datagrams) => SendFrom(Socket, datagrams);

    /// <summary>Sends each datagram and lets the session read it before the next.</summary>
    public void SendFrom(Socket socket, params byte[][] datagrams)
    {
        var session = (IClocked)Session;
        foreach (var datagram in datagrams)
        {
            socket.SendTo(datagram, Session.LocalEndPoint);
            Assert.True(session.ReadableRtp!.Poll(10_000_000, SelectMode.SelectRead), "nothing arrived on loopback");
            Session.OnReadable();
        }
    }

    public void SendRtcp(byte[] datagram, Socket? socket = null)
    {
        (socket ?? RtcpSocket).SendTo(datagram, new IPEndPoint(IPAddress.Loopback, Session.LocalEndPoint.Port + 1));
        Assert.True(((IClocked)Session).ReadableRtcp!.Poll(10_000_000, SelectMode.SelectRead), "nothing arrived on loopback");
        Session.OnReadableRtcp();
    }

    public void Ticks(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Session.OnTick(0);
            Time.AdvanceMs(20);
        }
    }

    public static byte[] Receive(Socket socket)
    {
        var buffer = new byte[2048];
        return buffer[..socket.Receive(buffer)];
    }

    public static bool HasMore(Socket socket) => socket.Poll(50_000, SelectMode.SelectRead);

    public void Dispose()
    {
        Session.Dispose();
        _sockets.ForEach(s => s.Dispose());
    }
}
