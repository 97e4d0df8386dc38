using System.Net;
using VoiceGateway.Sip.Tests.Transport;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>The messages of RFC 4475 and RFC 5118, fired at a running endpoint: whatever it makes of them, it goes on.</summary>
public class TortureTests
{
    public static TheoryData<string, string> Corpus
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (var collection in new[] { "rfc4475", "rfc5118" })
            {
                foreach (var name in TortureCorpus.Names(collection))
                    data.Add(collection, name);
            }

            return data;
        }
    }

    /// <summary>What section 3.3 of RFC 4475 wants answered, and by what.</summary>
    [Theory]
    [InlineData("badinv01", 400)]
    [InlineData("clerr", 400)]
    [InlineData("ncl", 400)]
    [InlineData("mismatch01", 400)]
    [InlineData("badvers", 505)]
    [InlineData("unkscm", 416)]
    [InlineData("novelsc", 416)]
    [InlineData("bext01", 420)]
    [InlineData("invut", 415)]
    [InlineData("mcl01", 400)]
    [InlineData("zeromf", 483)] // by the option; an endpoint may take it
    public async Task Message_FromRfc4475_GetsItsStatus(string name, int status)
    {
        await using var fixture = new StackFixture();
        var bytes = TortureCorpus.Read("rfc4475", name);
        fixture.Stack.OnMessage(bytes, fixture.From);
        var statuses = fixture.Transport.AllSent().Select(text => text.Split(' ')[1]).ToList();
        Assert.Equal([status.ToString(System.Globalization.CultureInfo.InvariantCulture)], statuses);
        Assert.Empty(fixture.Faults);
    }

    [Theory]
    [MemberData(nameof(Corpus))]
    public async Task Message_InMemory_FaultsNothing(string collection, string name)
    {
        await using var fixture = new StackFixture(additionalMethods: ["INFO", "REFER", "MESSAGE"]);
        fixture.Handler.Invited = call => _ = call.AnswerAsync(fixture.Negotiator);
        fixture.Stack.OnMessage(TortureCorpus.Read(collection, name), fixture.From);
        fixture.Time.Advance(70_000);
        Assert.Empty(fixture.Faults);
    }

    [Fact]
    public async Task Messages_OverUdp_LeaveTheEndpointAnswering()
    {
        List<Exception> faults = [];
        var handler = new TestHandler { Invited = call => call.Reject(486) };
        await using var endpoint = new SipEndpoint(new SipEndpointOptions { Listen = [new(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))], OnFault = faults.Add }, handler);
        await endpoint.StartAsync();
        using var peer = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
        int i = 0;
        foreach (var message in TortureCorpus.All())
        {
            await peer.SendAsync(message);
            await AssertAnswersAsync(peer, ++i);
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task Messages_OverTcp_LeaveTheEndpointAnswering()
    {
        List<Exception> faults = [];
        var handler = new TestHandler { Invited = call => call.Reject(486) };
        await using var endpoint = new SipEndpoint(new SipEndpointOptions { Listen = [new(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Loopback, 0))], OnFault = faults.Add }, handler);
        await endpoint.StartAsync();
        int i = 0;
        foreach (var message in TortureCorpus.All())
        {
            using var torturer = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]); // many of them end their connection
            await torturer.SendAsync(message);
            using var peer = await LoopbackPeer.ConnectAsync(endpoint.BoundEndPoints[0]);
            await AssertAnswersAsync(peer, ++i);
        }

        Assert.Empty(faults);
    }

    private static async Task AssertAnswersAsync(LoopbackPeer peer, int number)
    {
        await peer.SendAsync(peer.Options(callId: $"after{number}"));
        while (true)
        {
            var answer = await peer.ReceiveAsync();
            Assert.NotNull(answer);
            if (answer.Contains($"after{number}", StringComparison.Ordinal))
            {
                Assert.StartsWith("SIP/2.0 200", answer);
                return;
            }
        }
    }
}
