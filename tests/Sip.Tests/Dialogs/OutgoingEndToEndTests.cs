using System.Net;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>Both of our sides against each other, over real sockets.</summary>
public class OutgoingEndToEndTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(SipTransportKind.Udp, false)]
    [InlineData(SipTransportKind.Tcp, false)]
    [InlineData(SipTransportKind.Udp, true)]
    public async Task EarlyMedia_IsReliable(SipTransportKind kind, bool lateOffer)
    {
        await using var pair = await EndpointPair.StartAsync(kind);
        var acknowledged = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Handler.Invited = call => _ = AnswerAsync(call);
        List<SipResponse> progress = [];
        var result = await pair.Caller.CallAsync(pair.To(lateOffer, progress.Add)).WaitAsync(Patience);
        Assert.Equal(200, result.StatusCode);
        Assert.True(await acknowledged.Task.WaitAsync(Patience));
        Assert.Contains(progress, response => response.StatusCode == 183 && response.Headers.Contains("RSeq"));
        Assert.Equal(lateOffer ? ["answer SendRecv"] : ["offer", "accept SendRecv"], pair.CallerSession.Log);
        Assert.Equal(lateOffer ? ["offer", "accept SendRecv"] : ["answer SendRecv"], pair.CalleeSession.Log);
        await result.Call!.HangUpAsync().WaitAsync(Patience);
        Assert.Equal(SipCallEndCause.RemoteBye, (await pair.Incoming.Completion.WaitAsync(Patience)).Cause);

        async Task AnswerAsync(SipCall call)
        {
            call.Ring(pair.CalleeSession);
            acknowledged.SetResult(await call.AnswerAsync(pair.CalleeSession));
        }
    }

    [Theory]
    [InlineData("secret", 200)]
    [InlineData("guess", 401)]
    public async Task Credentials_AreCheckedByTheOtherSide(string password, int status)
    {
        var options = new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))] };
        var handler = new TestHandler();
        var session = new TestNegotiator();
        handler.Invited = call => _ = call.AnswerAsync(session);
        await using var callee = new SipEndpoint(options with { Gatekeeper = new Doorman() }, handler);
        await using var caller = new SipEndpoint(options);
        await callee.StartAsync();
        await caller.StartAsync();
        var bound = callee.BoundEndPoints[0].EndPoint;
        var target = new SipUri("callee", bound.Address.ToString(), bound.Port);
        var credentials = new SipCredentials("gw", password);

        var result = await caller.CallAsync(new SipOutgoingCall { To = target, Negotiator = new TestNegotiator(), Credentials = credentials }).WaitAsync(Patience);
        Assert.Equal(status, result.StatusCode);
        if (result.Call is { } call)
            await call.HangUpAsync().WaitAsync(Patience);
        Assert.Equal(status == 200 ? 1 : 0, handler.Calls.Count);
    }

    private sealed class Doorman : ISipGatekeeper
    {
        private readonly DigestServer _digest = new("test", user => user == "gw" ? "secret" : null);

        public bool Knows(in SipSource source) => true;

        public SipAdmission Admit(SipRequest request, in SipSource source)
        {
            var verdict = _digest.Check(request);
            return verdict.Outcome == DigestOutcome.Accepted ? SipAdmission.Accept(verdict.User) : SipAdmission.Challenge(_digest, verdict);
        }
    }
}
