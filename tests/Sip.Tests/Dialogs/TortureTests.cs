using System.Net;
using VoiceGateway.Sip.Tests.Torture;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>The messages of RFC 4475 and RFC 5118, fired at a running endpoint: it does what <see cref="TortureTable"/> says, and goes on.</summary>
public class TortureTests
{
    // What the handler here says to calls.
    private const string Busy = "486";

    public static TheoryData<SipTransportKind, string> Messages
    {
        get
        {
            TheoryData<SipTransportKind, string> data = [];
            foreach (var file in TortureTable.Files)
            {
                data.Add(SipTransportKind.Udp, file);
                data.Add(SipTransportKind.Tcp, file);
            }

            return data;
        }
    }

    public static TheoryData<string> Files => [.. TortureTable.Files];

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task Message_OverASocket_GetsWhatTheTableSays(SipTransportKind kind, string file)
    {
        await using var service = await TortureService.StartAsync(kind);
        var row = TortureTable.Of(file);
        await TortureJudge.CheckAsync(row, service.Listen, Busy);
        Assert.Equal(row.Statuses(kind == SipTransportKind.Tcp, TortureCase.Call).Count(status => status == TortureCase.Call), service.CallsSeen);
        Assert.Empty(service.Faults);
    }

    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public async Task AllMessages_OneAfterAnother_LeaveTheEndpointAnswering(SipTransportKind kind)
    {
        await using var service = await TortureService.StartAsync(kind);
        foreach (var row in TortureTable.Cases)
        {
            // Several have the same branch, and then one is a repetition of the other: what they are answered is not looked at here.
            using var peer = await TorturePeer.ConnectAsync(service.Listen, row.Read());
            await peer.SendAsync(row.Read());
            Assert.StartsWith("SIP/2.0 200 ", await TorturePeer.ProbeAsync(service.Listen));
        }

        Assert.Empty(service.Faults);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Message_InMemoryWithCallsAnswered_FaultsNothing(string file)
    {
        await using var fixture = new StackFixture(additionalMethods: ["INFO", "REFER", "MESSAGE"]);
        fixture.Handler.Invited = call => _ = call.AnswerAsync(fixture.Negotiator);
        fixture.Stack.OnMessage(TortureTable.Of(file).Read(), fixture.From);
        fixture.Time.Advance(70_000);
        Assert.Empty(fixture.Faults);
    }

    /// <summary>An endpoint that is busy.</summary>
    private sealed class TortureService : IAsyncDisposable
    {
        private readonly SipEndpoint _endpoint;
        private readonly TestHandler _handler;

        private TortureService(SipEndpoint endpoint, TestHandler handler, List<Exception> faults) => (_endpoint, _handler, Faults) = (endpoint, handler, faults);

        public SipListen Listen => _endpoint.BoundEndPoints[0];

        public List<Exception> Faults { get; }

        public int CallsSeen
        {
            get
            {
                lock (_handler.Calls)
                    return _handler.Calls.Count;
            }
        }

        public static async Task<TortureService> StartAsync(SipTransportKind kind)
        {
            List<Exception> faults = [];
            var handler = new TestHandler { Invited = call => call.Reject(486) };
            var endpoint = new SipEndpoint(new SipEndpointOptions { Listen = [new(kind, new IPEndPoint(IPAddress.Loopback, 0))], OnFault = faults.Add }, handler);
            await endpoint.StartAsync();
            return new TortureService(endpoint, handler, faults);
        }

        public ValueTask DisposeAsync() => _endpoint.DisposeAsync();
    }
}
