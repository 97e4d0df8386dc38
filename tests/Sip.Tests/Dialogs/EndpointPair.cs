using System.Net;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>Two endpoints on loopback sockets; the callee answers as its handler says.</summary>
internal sealed class EndpointPair : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private EndpointPair(SipEndpoint caller, SipEndpoint callee, TestHandler handler, SipUri target)
    {
        Caller = caller;
        Callee = callee;
        Handler = handler;
        Target = target;
    }

    public SipEndpoint Caller { get; }

    public SipEndpoint Callee { get; }

    public TestHandler Handler { get; }

    public SipUri Target { get; }

    public TestNegotiator CallerSession { get; } = new();

    public TestNegotiator CalleeSession { get; } = new();

    public List<Exception> Faults { get; private init; } = [];

    public SipCall Incoming
    {
        get
        {
            lock (Handler.Calls)
                return Handler.Calls[^1];
        }
    }

    public static async Task<EndpointPair> StartAsync(SipTransportKind kind, IPAddress? address = null)
    {
        var listen = new SipListen(kind, new IPEndPoint(address ?? IPAddress.Loopback, 0));
        List<Exception> faults = [];
        var options = new SipEndpointOptions { Listen = [listen], OnFault = faults.Add };
        var handler = new TestHandler();
        var callee = new SipEndpoint(options, handler);
        var caller = new SipEndpoint(options);
        await callee.StartAsync();
        await caller.StartAsync();
        var bound = callee.BoundEndPoints[0].EndPoint;
        var target = new SipUri("callee", bound.Address.ToString(), bound.Port);
        return new EndpointPair(caller, callee, handler, kind == SipTransportKind.Udp ? target : target.WithParameter("transport", "tcp")) { Faults = faults };
    }

    public SipOutgoingCall To(bool lateOffer = false, Action<SipResponse>? onProvisional = null) => new()
    {
        To = Target,
        From = new SipNameAddress(new SipUri("caller", "127.0.0.1")),
        Negotiator = CallerSession,
        LateOffer = lateOffer,
        OnProvisional = onProvisional,
    };

    /// <summary>A call that is up on both sides.</summary>
    public async Task<SipCall> EstablishAsync(bool lateOffer = false)
    {
        var answered = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Handler.Invited = call => _ = AnswerAsync(call);
        var result = await Caller.CallAsync(To(lateOffer)).WaitAsync(Patience);
        Assert.Equal(200, result.StatusCode);
        Assert.True(await answered.Task.WaitAsync(Patience));
        return result.Call!;

        async Task AnswerAsync(SipCall call)
        {
            call.Ring();
            answered.SetResult(await call.AnswerAsync(CalleeSession));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Caller.DisposeAsync();
        await Callee.DisposeAsync();
        foreach (var endpoint in new[] { Caller, Callee })
        {
            Assert.Equal(0, endpoint.ActiveCalls);
            Assert.Equal(0, endpoint.ActiveTransactions);
            Assert.Empty(endpoint.BoundEndPoints);
        }

        Assert.Empty(Faults);
    }
}
