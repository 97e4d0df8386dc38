using System.Net;
using System.Text;
using VoiceGateway.Calls;
using VoiceGateway.Routing;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;
using VoiceGateway.Tests.Tools;

namespace VoiceGateway.Tests.Calls;

/// <summary>Two SIP endpoints on loopback: a caller whose side takes REFERs as the test says, and our end of that call.</summary>
internal sealed class TransferPair : IAsyncDisposable
{
    private readonly SipEndpoint _caller;
    private readonly SipEndpoint _gateway;
    private readonly CallerSide _callerSide = new();
    private readonly GatewaySide _gatewaySide = new();

    private TransferPair(Trunk? peer)
    {
        var options = new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))] };
        _caller = new SipEndpoint(options, _callerSide);
        _gateway = new SipEndpoint(options with { Gatekeeper = peer is null ? null : new Everybody(peer) }, _gatewaySide);
    }

    /// <summary>What the caller's side answers to a REFER; 405 when it does not know REFER at all.</summary>
    public int ReferAnswer { set => _callerSide.ReferAnswer = value; }

    public IReadOnlyList<string> ReferTargets => _callerSide.Targets;

    public SipCall Ours => _gatewaySide.Call!;

    public SipCall Theirs { get; private set; } = null!;

    public Task<SipCallResult> Calling { get; private set; } = null!;

    /// <summary>Moves the transfer's clock, not that of SIP.</summary>
    public ManualTimers Time { get; } = new();

    public CallOptions Options { get; } = new() { TransferTargets = ["2*"] };

    public int MovedOn { get; private set; }

    public int CallerPort => _caller.BoundEndPoints[0].EndPoint.Port;

    public CallTransfer Transfer(string? human = "300") => new(Ours, new AgentProfile { Human = human }, Options, Time, () => MovedOn++);

    /// <param name="fromHost">What the caller writes into From.</param>
    /// <param name="peer">By which trunk they come; null: none.</param>
    public static async Task<TransferPair> RingingAsync(string fromHost = "127.0.0.1", Trunk? peer = null)
    {
        var pair = new TransferPair(peer);
        await pair._caller.StartAsync();
        await pair._gateway.StartAsync();
        pair.Calling = pair._caller.CallAsync(new SipOutgoingCall
        {
            To = new SipUri("100", "127.0.0.1", pair._gateway.BoundEndPoints[0].EndPoint.Port),
            From = new SipNameAddress(new SipUri("4930123", fromHost, pair.CallerPort)),
            Negotiator = Negotiator(),
        });
        await Until(() => pair._gatewaySide.Call is not null);
        pair.Ours.Ring();
        await Until(() => pair.Ours.State == SipCallState.Ringing);
        return pair;
    }

    public static async Task<TransferPair> TalkingAsync()
    {
        var pair = await RingingAsync();
        await pair.AnswerAsync();
        return pair;
    }

    public async Task AnswerAsync()
    {
        Assert.True(await Ours.AnswerAsync(Negotiator()));
        Theirs = (await Calling).Call!;
    }

    /// <summary>The caller's side reports on its call to the target.</summary>
    public async Task ReportAsync(string status, bool last = false)
    {
        var answer = await Theirs.SendRequestAsync(
            "NOTIFY", [("Event", "refer"), ("Subscription-State", last ? "terminated;reason=noresource" : "active;expires=60")],
            "message/sipfrag;version=2.0", Encoding.UTF8.GetBytes($"SIP/2.0 {status}\r\n"));
        Assert.Equal(200, answer?.StatusCode);
    }

    public Task ReferArrivesAsync(int count = 1) => Until(() => ReferTargets.Count == count);

    public static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 500; i++)
        {
            if (condition()) return;
            await Task.Delay(10);
        }
        Assert.Fail("waited in vain");
    }

    public async ValueTask DisposeAsync()
    {
        await _caller.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    private static SdpNegotiator Negotiator() => new(new LocalAudio(IPAddress.Loopback, 40_000, LocalAudio.G711), static _ => { });

    private sealed class Everybody(Trunk trunk) : ISipGatekeeper
    {
        public bool Knows(in SipSource source) => true;

        public SipAdmission Admit(SipRequest request, in SipSource source) => SipAdmission.Accept(trunk);
    }

    private sealed class GatewaySide : ISipCallHandler
    {
        public SipCall? Call { get; private set; }

        public void OnInvite(SipCall call) => Call = call;
    }

    private sealed class CallerSide : ISipCallHandler
    {
        private readonly List<string> _targets = [];

        public int ReferAnswer { get; set; } = 202;

        public IReadOnlyList<string> Targets
        {
            get
            {
                lock (_targets) return [.. _targets];
            }
        }

        public IReadOnlyList<string> AdditionalMethods => ["REFER"];

        public void OnInvite(SipCall call) => call.Reject(480);

        public SipReply OnRequest(SipCall call, SipRequest request)
        {
            lock (_targets) _targets.Add(request.Headers.Get("Refer-To")!);
            return new SipReply(ReferAnswer);
        }
    }
}
