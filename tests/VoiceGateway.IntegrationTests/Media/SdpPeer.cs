using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using VoiceGateway.Codecs;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Media;

/// <summary>
/// A caller whose SDP and RTP are written by hand: says any description, sends any packets from any of its sockets and keeps every
/// packet that comes. Only its SIP is the gateway's own, so that one mistake in SDP or RTP cannot hide in both.
/// </summary>
internal sealed class SdpPeer : ISessionNegotiator, IAsyncDisposable
{
    /// <param name="At">Stopwatch ticks.</param>
    /// <param name="Bytes">The datagram.</param>
    public sealed record Packet(long At, byte[] Bytes)
    {
        public bool IsRtcp => Bytes.Length > 1 && Bytes[1] is >= 192 and <= 223;

        public bool Marker => (Bytes[1] & 0x80) != 0;

        public byte PayloadType => (byte)(Bytes[1] & 0x7F);

        public ushort Sequence => BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(2));

        public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(4));

        public byte[] Payload => Bytes[12..];
    }

    private readonly SipEndpoint _sip = new(new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))] });
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _listening = [];
    private readonly List<Socket> _sockets = [];
    private SipCall? _call;
    private string _description = "";

    public SdpPeer()
    {
        Rtp = NewSocket(Received);
        Rtcp = NewSocket(ReceivedRtcp);
    }

    public Socket Rtp { get; set; }

    public Socket Rtcp { get; }

    public ConcurrentQueue<Packet> Received { get; } = new();

    public ConcurrentQueue<Packet> ReceivedRtcp { get; } = new();

    public uint Ssrc { get; set; } = 0xCAFE;

    public ushort Sequence { get; set; } = 100;

    public uint Timestamp { get; set; } = 160_000;

    /// <summary>What the gateway answered last.</summary>
    public string Answer { get; private set; } = "";

    public IPEndPoint Gateway { get; private set; } = new(IPAddress.Loopback, 0);

    public SipCall Call => _call!;

    public int RtpPort => PortOf(Rtp);

    public static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    /// <summary>An audio line at our port, and what follows it.</summary>
    public string Audio(string formats = "0 101", params string[] attributes) =>
        string.Create(CultureInfo.InvariantCulture, $"m=audio {RtpPort} RTP/AVP {formats}\r\n")
        + string.Concat(attributes.Select(static attribute => $"a={attribute}\r\n"));

    public static string Session(string? connection = "IN IP4 127.0.0.1", int version = 1) =>
        $"v=0\r\no=peer 4711 {version} IN IP4 127.0.0.1\r\ns=-\r\n{(connection is null ? "" : $"c={connection}\r\n")}t=0 0\r\n";

    public async Task CallAsync(SipUri target, string description)
    {
        _description = description;
        await _sip.StartAsync(CancellationToken.None);
        var result = await _sip.CallAsync(new SipOutgoingCall { To = target, Negotiator = this }, CancellationToken.None);
        _call = result.Call ?? throw new InvalidOperationException($"{result.StatusCode} {result.Reason}");
    }

    public async Task<int> OfferAsync(string description)
    {
        _description = description;
        return (await Call.ReInviteAsync()).StatusCode;
    }

    public Socket NewSocket(ConcurrentQueue<Packet> heard)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _sockets.Add(socket);
        _listening.Add(ListenAsync(socket, heard));
        return socket;
    }

    /// <summary>One packet now; the next follows it.</summary>
    public void Send(byte payloadType, ReadOnlySpan<byte> payload, bool marker = false, Socket? from = null)
    {
        Span<byte> packet = stackalloc byte[12 + payload.Length];
        packet[0] = 0x80;
        packet[1] = (byte)(payloadType | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], Sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], Ssrc);
        payload.CopyTo(packet[12..]);
        (from ?? Rtp).SendTo(packet, Gateway);
    }

    /// <summary>A tone in packets of changing length, each when it has been spoken.</summary>
    public async Task SayAsync(double hz, int milliseconds, Func<int, int> packetMs, Func<int, byte>? payloadType = null, double amplitude = 10_000)
    {
        var started = Stopwatch.GetTimestamp();
        var spokenMs = 0;
        for (var i = 0; spokenMs < milliseconds; i++)
        {
            var ms = packetMs(i);
            var type = payloadType?.Invoke(i) ?? 0;
            var pcm = new short[ms * 8];
            for (var n = 0; n < pcm.Length; n++) pcm[n] = (short)(amplitude * Math.Sin(2 * Math.PI * hz * (spokenMs * 8 + n) / 8000));
            var codes = new byte[pcm.Length];
            if (type == 8) G711.EncodeALaw(pcm, codes);
            else G711.EncodeMuLaw(pcm, codes);
            spokenMs += ms;
            if (started.Left(spokenMs) is { Ticks: > 0 } wait) await Task.Delay(wait);
            Send(type, codes);
            Timestamp += (uint)pcm.Length;
        }
    }

    SessionDescription? ISessionNegotiator.Answer(SessionDescription offer) => null;

    SessionDescription ISessionNegotiator.CreateOffer() =>
        SessionDescription.TryParse(Encoding.UTF8.GetBytes(_description), out var offer, out var error) ? offer! : throw new FormatException(error);

    bool ISessionNegotiator.Accept(SessionDescription answer)
    {
        Answer = answer.ToString();
        if (answer.Media.FirstOrDefault(static media => media.Port != 0) is { } audio)
            Gateway = new IPEndPoint(IPAddress.Parse(answer.ConnectionOf(audio)!.Host), audio.Port);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_listening);
        if (_call is not null) await _call.HangUpAsync();
        await _sip.DisposeAsync();
        _sockets.ForEach(static socket => socket.Dispose());
        _stop.Dispose();
    }

    private async Task ListenAsync(Socket socket, ConcurrentQueue<Packet> heard)
    {
        var buffer = new byte[2048];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await socket.ReceiveAsync(buffer, _stop.Token);
                heard.Enqueue(new Packet(Stopwatch.GetTimestamp(), buffer[..length]));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The gateway's port is gone: ICMP says so, and the next receive is told.
            }
        }
    }
}

file static class Pace
{
    public static TimeSpan Left(this long started, int dueMs) => TimeSpan.FromMilliseconds(dueMs) - Stopwatch.GetElapsedTime(started);
}
