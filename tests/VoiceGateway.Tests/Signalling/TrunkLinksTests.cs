using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;
using VoiceGateway.Tests.Calls;
using VoiceGateway.Tests.Tools;

namespace VoiceGateway.Tests.Signalling;

public sealed class TrunkLinksTests
{
    private static readonly SipCredentials Secret = new("us", "open sesame");

    [Theory]
    [InlineData("sip:[2001:db8::1]", "sip:4711@[2001:db8::1]")]
    [InlineData("sips:[2001:db8::1]:5070", "sips:4711@[2001:db8::1]:5070")]
    [InlineData("sip:pbx.example:5070;transport=tcp", "sip:4711@pbx.example:5070")]
    public void Callee_Number_IsAtTheServer(string server, string expected) => Assert.Equal(expected, TrunkLinks.Callee(Named(server), "4711")?.ToString());

    [Theory]
    [InlineData("100>;tag=1")]
    [InlineData("1 2")]
    [InlineData("tel:100")]
    [InlineData("")]
    public void Callee_Nobody_IsNull(string to) => Assert.Null(TrunkLinks.Callee(Named("sip:pbx.example"), to));

    // A trunk refuses, or bills to nobody, what comes from a domain that is not its own.
    [Theory]
    [InlineData("4930111", "sip:4930111@pbx.example")]
    [InlineData("sip:desk@other.example", "sip:desk@other.example")]
    [InlineData(null, "sip:4930999@pbx.example")]
    public void CallerOf_Number_IsOneOfTheTrunksDomain(string? wanted, string expected) =>
        Assert.Equal(expected, TrunkLinks.CallerOf(Named("sip:pbx.example", callerId: "4930999"), wanted)?.Uri.ToString());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Through_CallElsewhere_GoesByTheServer(bool isRegistered)
    {
        await using var registrar = new UdpRegistrar();
        await using var sip = Endpoint();
        await sip.StartAsync();
        var trunk = Named($"sip:127.0.0.1:{registrar.Port}", register: isRegistered);
        await using var links = new TrunkLinks(new TrunkTable([trunk]), sip, TimeProvider.System, NullLogger<TrunkLinks>.Instance);
        links.Start();
        var elsewhere = links.Through(trunk, To("sip:200@elsewhere.example"));
        Assert.Equal((trunk.Server, Secret, trunk), (elsewhere.Proxy, elsewhere.Credentials, elsewhere.Peer));
        var unpaid = links.Through(trunk, To("sip:200@elsewhere.example"), showsPassword: false);
        Assert.Equal((trunk.Server, null, trunk), (unpaid.Proxy, unpaid.Credentials, unpaid.Peer));
    }

    // Calls that came by the registration go on until they have ended, and a NAT between has forgotten the way by then.
    [Fact]
    public async Task UnregisterAsync_CallsMayStillRun_TheWayIsHeldOpen()
    {
        await using var registrar = new UdpRegistrar();
        await using var sip = Endpoint();
        await sip.StartAsync();
        var time = new ManualTimers();
        var trunk = Named($"sip:127.0.0.1:{registrar.Port}", register: true);
        await using var links = new TrunkLinks(new TrunkTable([trunk]), sip, time, NullLogger<TrunkLinks>.Instance);
        links.Start();
        await TransferPair.Until(() => links.RegistrationOf(trunk)?.State == SipRegistrationState.Registered);
        await links.UnregisterAsync();
        Assert.Equal(SipRegistrationState.Unregistered, links.RegistrationOf(trunk)!.State);
        Assert.DoesNotContain(registrar.Requests, static r => r.Method == "OPTIONS");
        time.Advance(WayBack.Interval);
        await TransferPair.Until(() => registrar.Requests.Any(static r => r.Method == "OPTIONS"));
        // By the socket that the binding is of.
        Assert.Single(registrar.Requests.Select(static r => r.From).Distinct());
        await links.DisposeAsync();
        Assert.Equal(0, time.Armed);
    }

    private static SipEndpoint Endpoint() => new(new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))] });

    private static Trunk Named(string server, string callerId = "", bool register = false) =>
        new("pbx", new TrunkOptions { Server = server, User = "us", CallerId = callerId, Register = register }, null, Secret);

    private static SipOutgoingCall To(string uri)
    {
        Assert.True(SipUri.TryParse(uri, out var to));
        return new SipOutgoingCall { To = to!, Negotiator = new SdpNegotiator(new LocalAudio(IPAddress.Loopback, 40_000, LocalAudio.G711), static _ => { }) };
    }
}
