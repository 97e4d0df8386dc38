using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using VoiceGateway.Codecs;
using VoiceGateway.Rtp;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>
/// The far end of a call with a stopwatch at the socket: sends what it is given every 20 ms from a thread of its own and keeps
/// every packet that arrives with its time. No clock of ours is in its way.
/// </summary>
internal sealed class MeasuringPeer : ISessionNegotiator, IAsyncDisposable
{
    /// <param name="Timestamp">Stopwatch ticks at which the datagram was read.</param>
    /// <param name="Pcm">Its 160 samples.</param>
    public sealed record Heard(long Timestamp, short[] Pcm)
    {
        public double Peak => Pcm.Max(static s => Math.Abs((double)s));
    }

    private readonly SipEndpoint _sip = new(new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))] });
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly SdpOriginState _state = new();
    private readonly ConcurrentQueue<short[]> _toSay = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LocalAudio _local;
    private SessionDescription? _offer;
    private IPEndPoint? _remote;
    private Thread? _sender;
    private Thread? _receiver;
    private SipCall? _call;
    private volatile bool _silent;

    private MeasuringPeer()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.ReceiveTimeout = 200;
        _local = new LocalAudio(IPAddress.Loopback, ((IPEndPoint)_socket.LocalEndPoint!).Port, [AudioFormat.Pcmu]);
    }

    public ConcurrentQueue<Heard> Received { get; } = new();

    /// <summary>When each 20 ms frame that was given to <see cref="Say"/> left, in order.</summary>
    public ConcurrentQueue<long> SaidAt { get; } = new();

    public static async Task<MeasuringPeer> CallAsync(SipUri target)
    {
        var peer = new MeasuringPeer();
        await peer._sip.StartAsync(CancellationToken.None);
        var result = await peer._sip.CallAsync(new SipOutgoingCall { To = target, Negotiator = peer }, CancellationToken.None);
        peer._call = result.Call ?? throw new InvalidOperationException($"{result.StatusCode} {result.Reason}");
        peer._sender = peer.Start(peer.Send);
        peer._receiver = peer.Start(peer.Receive);
        return peer;
    }

    /// <summary>Sends no more RTP.</summary>
    public void FallSilent() => _silent = true;

    public Task HangUpAsync() => _call!.HangUpAsync();

    /// <summary>Queues 8 kHz samples, a whole number of 20 ms frames.</summary>
    public void Say(short[] pcm8kHz)
    {
        for (var i = 0; i < pcm8kHz.Length; i += 160) _toSay.Enqueue(pcm8kHz[i..(i + 160)]);
    }

    /// <summary>Sends any datagram to the gateway's RTP port.</summary>
    public void SendRaw(byte[] datagram) => _socket.SendTo(datagram, _remote!);

    public SessionDescription? Answer(SessionDescription offer) => null;

    public SessionDescription CreateOffer() => _offer = OfferAnswer.CreateOffer(_local, _state);

    public bool Accept(SessionDescription answer)
    {
        _remote = OfferAnswer.TryAccept(_offer!, answer)?.RemoteRtp;
        return _remote is not null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _sender?.Join();
        _receiver?.Join();
        if (_call is not null) await _call.HangUpAsync();
        await _sip.DisposeAsync();
        _socket.Dispose();
        _stop.Dispose();
    }

    private Thread Start(Action run)
    {
        var thread = new Thread(() => run()) { IsBackground = true, Priority = ThreadPriority.AboveNormal };
        thread.Start();
        return thread;
    }

    private void Send()
    {
        var packet = new byte[12 + 160];
        var silence = new short[160];
        ushort sequence = 1;
        var period = Stopwatch.Frequency / 50;
        var millisecond = Stopwatch.Frequency / 1000;
        var due = Stopwatch.GetTimestamp();
        for (uint timestamp = 0; !_stop.IsCancellationRequested; timestamp += 160)
        {
            // Sleep most of the way: a thread that spins takes a core from what is measured.
            while (Stopwatch.GetTimestamp() is var now && now < due)
                if (due - now > 2 * millisecond) _stop.Token.WaitHandle.WaitOne((int)((due - now) / millisecond) - 1);
                else Thread.Yield();
            var said = _toSay.TryDequeue(out var pcm);
            packet[0] = 0x80;
            packet[1] = 0;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence++);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), 0xC0FFEE);
            G711.EncodeMuLaw(pcm ?? silence, packet.AsSpan(12));
            if (said) SaidAt.Enqueue(Stopwatch.GetTimestamp());
            if (!_silent) _socket.SendTo(packet, _remote!);
            due += period;
        }
    }

    private void Receive()
    {
        var buffer = new byte[2048];
        while (!_stop.IsCancellationRequested)
        {
            int length;
            try
            {
                length = _socket.Receive(buffer);
            }
            catch (SocketException)
            {
                continue;
            }
            var now = Stopwatch.GetTimestamp();
            if (!RtpPacket.TryParse(buffer.AsSpan(0, length), out var packet)) continue;
            var pcm = new short[packet.Payload.Length];
            G711.DecodeMuLaw(packet.Payload, pcm);
            Received.Enqueue(new Heard(now, pcm));
        }
    }
}
