using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>
/// A telephone of a PBX, on the bare SIP stack: calls, is called, hands calls on. It hears RTP and says nothing.
/// </summary>
internal sealed class Telephone : ISipCallHandler, IAsyncDisposable
{
    private readonly SipEndpoint _sip;
    private readonly IPAddress _address;
    private readonly ConcurrentBag<Line> _lines = [];
    private readonly CancellationTokenSource _stop = new();

    private Telephone(IPAddress address)
    {
        _address = address;
        _sip = new SipEndpoint(new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(address, 0))] }, this);
    }

    /// <summary>What it does when it rings; answers otherwise.</summary>
    public Action<SipCall>? Rung { get; set; }

    /// <summary>The calls that it answered, or was asked to replace one by, in order.</summary>
    public ConcurrentQueue<(SipCall Call, Line Line)> Answered { get; } = new();

    public ConcurrentQueue<SipCall> Rang { get; } = new();

    public SipUri Uri(string user = "200") => new(user, _address.ToString(), _sip.BoundEndPoints[0].EndPoint.Port);

    public static async Task<Telephone> StartAsync(string address = "127.0.0.1")
    {
        var telephone = new Telephone(IPAddress.Parse(address));
        await telephone._sip.StartAsync();
        return telephone;
    }

    public async Task<(SipCallResult Result, Line Line)> CallAsync(SipUri to, params (string Name, string Value)[] headers)
    {
        var line = NewLine();
        var result = await _sip.CallAsync(new SipOutgoingCall
        {
            To = to,
            From = new SipNameAddress(Uri("+4930123"), "Alice"),
            Negotiator = line,
            Headers = headers,
        });
        return (result, line);
    }

    public void OnInvite(SipCall call)
    {
        Rang.Enqueue(call);
        if (Rung is { } rung) rung(call);
        else Answer(call);
    }

    public void OnReplace(SipCall call, SipCall replaced)
    {
        Answer(call);
        _ = replaced.HangUpAsync();
    }

    public void Answer(SipCall call)
    {
        var line = NewLine();
        call.Ring();
        // First: whoever learns of the answer may look here at once.
        Answered.Enqueue((call, line));
        _ = call.AnswerAsync(line);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sip.DisposeAsync();
        foreach (var line in _lines) line.Dispose();
        _stop.Dispose();
    }

    private Line NewLine()
    {
        var line = new Line(_address, _stop.Token);
        _lines.Add(line);
        return line;
    }

    /// <summary>One call's media.</summary>
    public sealed class Line : ISessionNegotiator, IDisposable
    {
        private readonly UdpClient _socket;
        private readonly SdpOriginState _state = new();
        private readonly LocalAudio _local;
        private SessionDescription? _offer;
        private int _packets;

        public Line(IPAddress address, CancellationToken stop)
        {
            _socket = new UdpClient(new IPEndPoint(address, 0));
            _local = new LocalAudio(address, ((IPEndPoint)_socket.Client.LocalEndPoint!).Port, LocalAudio.G711);
            _ = HearAsync(stop);
        }

        /// <summary>Where the other side receives.</summary>
        public IPEndPoint? Remote { get; private set; }

        /// <summary>RTP packets heard.</summary>
        public int Packets => Volatile.Read(ref _packets);

        public Task HearsAsync(string what)
        {
            var before = Packets;
            return GatewayRig.WaitUntilAsync(() => Packets > before + 10, what);
        }

        /// <summary>A key by RFC 4733: one event, its end told three times.</summary>
        public async Task PressAsync(byte key)
        {
            for (var i = 0; i < 3; i++)
            {
                var packet = new byte[16];
                packet[0] = 0x80;
                packet[1] = 101;
                packet[3] = (byte)(i + 1);
                packet[11] = 7;
                packet[12] = key;
                packet[13] = 0x80 | 10;
                packet[14] = 0x03;
                await _socket.SendAsync(packet, Remote!);
            }
        }

        public SessionDescription? Answer(SessionDescription offer)
        {
            Take(OfferAnswer.TryAnswer(offer, _local, _state, out var answer));
            return answer;
        }

        public SessionDescription CreateOffer() => _offer = OfferAnswer.CreateOffer(_local, _state);

        public bool Accept(SessionDescription answer) => Take(OfferAnswer.TryAccept(_offer!, answer));

        public void Dispose() => _socket.Dispose();

        private bool Take(NegotiatedAudio? audio)
        {
            Remote = audio?.RemoteRtp ?? Remote;
            return audio is not null;
        }

        private async Task HearAsync(CancellationToken stop)
        {
            try
            {
                while (true)
                {
                    var datagram = await _socket.ReceiveAsync(stop);
                    if (datagram.Buffer.Length > 12) Interlocked.Increment(ref _packets);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The telephone is gone.
            }
        }
    }
}
