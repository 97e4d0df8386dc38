using System.Collections.Concurrent;
using System.Net;
using VoiceGateway.Codecs;
using VoiceGateway.Rtp;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller.Tests;

/// <summary>A small SIP and RTP agent on loopback, which answers every call in the same way.</summary>
internal sealed class AnsweringPeer : ISipCallHandler, IAsyncDisposable
{
    private readonly AgentBehaviour _behaviour;
    private readonly SipEndpoint _endpoint;
    private readonly PlayoutClock _clock = new(null);
    private readonly RtpPortAllocator _ports = new(24000, 25999, TimeProvider.System, TimeSpan.Zero);
    private readonly ConcurrentBag<Task> _calls = [];
    private readonly CancellationTokenSource _closing = new();

    private AnsweringPeer(AgentBehaviour behaviour)
    {
        _behaviour = behaviour;
        _endpoint = new SipEndpoint(
            new SipEndpointOptions
            {
                Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0)), new SipListen(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Loopback, 0))],
            },
            this);
    }

    public ConcurrentQueue<PeerLeg> Legs { get; } = [];

    public int PortsInUse => _ports.InUse;

    public int ActiveCalls => _endpoint.ActiveCalls;

    public SipUri Uri => Address(SipTransportKind.Udp);

    public SipUri TcpUri => Address(SipTransportKind.Tcp).WithParameter("transport", "tcp");

    public static async Task<AnsweringPeer> StartAsync(AgentBehaviour? behaviour = null)
    {
        var peer = new AnsweringPeer(behaviour ?? new AgentBehaviour());
        await peer._endpoint.StartAsync(CancellationToken.None);
        peer._clock.Start();
        return peer;
    }

    public void OnInvite(SipCall call) => _calls.Add(Task.Run(() => ServeAsync(call)));

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await Task.WhenAll(_calls);
        await _endpoint.DisposeAsync();
        await _clock.DisposeAsync();
        _closing.Dispose();
    }

    private async Task ServeAsync(SipCall call)
    {
        if (_behaviour.RefuseWith is { } status)
        {
            call.Reject(status);
            return;
        }
        call.Ring();
        await Task.WhenAny(Task.Delay(_behaviour.NeverAnswers ? Timeout.InfiniteTimeSpan : _behaviour.RingsFor, _closing.Token), call.Completion);
        if (_behaviour.NeverAnswers || call.Completion.IsCompleted || !_ports.TryOpen(IPAddress.Loopback, out var ports)) return;

        using var holdPorts = ports;
        var leg = new PeerLeg(new RtpSessionOptions { Ports = ports }, _behaviour);
        using var session = leg.Session;
        Legs.Enqueue(leg);
        var supported = _behaviour.SendsOnlyALaw ? [AudioFormat.Pcma] : LocalAudio.G711;
        var negotiator = new PeerNegotiator(new LocalAudio(IPAddress.Loopback, ports.RtpPort, supported), audio => Agreed(leg, audio));
        using var lease = _clock.Add(session);
        if (!await call.AnswerAsync(negotiator)) return;
        leg.IsAnswered = true;
        await Task.WhenAny(call.Completion, leg.WantsToHangUp, Task.Delay(Timeout.Infinite, _closing.Token));
        if (!call.Completion.IsCompleted) await call.HangUpAsync();
    }

    private static void Agreed(PeerLeg leg, NegotiatedAudio audio)
    {
        leg.Codec = audio.Codec.EncodingName == "PCMA" ? G711Codec.ALaw : G711Codec.MuLaw;
        leg.PayloadType = audio.Codec.PayloadType;
        leg.Session.SetTelephoneEvent(audio.TelephoneEventReceivePayloadType, audio.TelephoneEventPayloadType);
        if (audio.RemoteRtp is { } remote) leg.Session.SetRemote(remote, audio.RemoteRtcp);
    }

    private SipUri Address(SipTransportKind kind)
    {
        var bound = _endpoint.BoundEndPoints.First(listen => listen.Kind == kind).EndPoint;
        return new SipUri("100", bound.Address.ToString(), bound.Port);
    }
}
