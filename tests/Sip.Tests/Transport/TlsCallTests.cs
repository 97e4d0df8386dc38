using VoiceGateway.Sip.Tests.Dialogs;

namespace VoiceGateway.Sip.Tests.Transport;

/// <summary>Whole calls over TLS between two endpoints.</summary>
public sealed class TlsCallTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_OverTls_IsAnsweredAndEndedByEitherSideOnOneConnection(bool callerEnds)
    {
        var handler = new TestHandler();
        var options = new SipEndpointOptions
        {
            Listen = [TransportNode.Loopback(SipTransportKind.Tls)],
            Tls = _certificates.Options(_certificates.Issue(TestCertificates.Loopback())) with { ClientCertificates = SipClientCertificates.Require },
        };
        await using var callee = new SipEndpoint(options, handler);
        await using var caller = new SipEndpoint(options);
        await callee.StartAsync();
        await caller.StartAsync();
        var calleeSession = new TestNegotiator();
        handler.Invited = call => _ = call.AnswerAsync(calleeSession);
        var result = await caller.CallAsync(new SipOutgoingCall
        {
            To = new SipUri("callee", "127.0.0.1", callee.BoundEndPoints[0].EndPoint.Port).WithParameter("transport", "tls"),
            From = new SipNameAddress(new SipUri("caller", "127.0.0.1")),
            Negotiator = new TestNegotiator(),
        }).WaitAsync(Patience);
        Assert.Equal(200, result.StatusCode);
        var incoming = handler.Calls[^1];
        Assert.Equal(SipTransportKind.Tls, incoming.Transport);
        Assert.Equal("tls", incoming.Invite!.Contact!.Uri.Transport);
        Assert.True(incoming.Invite.TopVia.Parameters.Contains("alias"));

        await (callerEnds ? result.Call! : incoming).HangUpAsync().WaitAsync(Patience);
        for (int i = 0; i < 2000 && caller.ActiveCalls + callee.ActiveCalls > 0; i++)
            await Task.Delay(5);
        Assert.Equal(0, caller.ActiveCalls + callee.ActiveCalls);
        Assert.Equal(1, caller.Counters[SipCounter.ConnectionsOpened]);
        Assert.Equal(0, callee.Counters[SipCounter.ConnectionsOpened]);
    }
}
