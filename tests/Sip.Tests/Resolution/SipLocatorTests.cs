using System.Net.Sockets;

namespace VoiceGateway.Sip.Tests.Resolution;

/// <summary>RFC 3263 section 4, against a name server on loopback.</summary>
public class SipLocatorTests
{
    [Theory]
    [InlineData("sip:192.0.2.1", "Udp 192.0.2.1:5060")]
    [InlineData("sip:a@192.0.2.1:5070;transport=tcp", "Tcp 192.0.2.1:5070")]
    [InlineData("sip:a@192.0.2.1;transport=tls", "Tls 192.0.2.1:5061")]
    [InlineData("sip:a@[2001:db8::9]", "Tcp [2001:db8::9]:5060")] // no UDP socket for IPv6 here
    [InlineData("sip:a@[2001:db8::9];transport=udp", "")]
    [InlineData("sips:a@192.0.2.1", "Tls 192.0.2.1:5061")]
    [InlineData("sips:a@192.0.2.1;transport=tcp", "Tls 192.0.2.1:5061")]
    [InlineData("sips:a@192.0.2.1;transport=udp", "")]
    [InlineData("sip:a@example.com;maddr=192.0.2.3", "Udp 192.0.2.3:5060")]
    [InlineData("sip:a@192.0.2.1;transport=sctp", "")]
    [InlineData("tel:+15550100", "")]
    public async Task Locate_Address_IsThereAtOnce(string uri, string expected)
    {
        await using var fixture = new LocatorFixture { CanReach = (kind, family) => kind != SipTransportKind.Udp || family == AddressFamily.InterNetwork };
        var located = fixture.Locator.LocateAsync(LocatorFixture.Uri(uri), CancellationToken.None);
        Assert.True(located.IsCompletedSuccessfully);
        Assert.Equal(expected, LocatorFixture.Show(await located));
        Assert.Empty(fixture.Dns.TakeAsked());
    }

    [Fact]
    public async Task Locate_ExampleOfTheRfc_GoesByNaptrThenSrvThenAddress()
    {
        // Section 4.1's records: TLS would be best, but this client has TCP and UDP only.
        await using var fixture = new LocatorFixture { Random = _ => 0 };
        fixture.Dns
            .Naptr("example.com", 50, 50, "SIPS+D2T", "_sips._tcp.example.com")
            .Naptr("example.com", 90, 50, "SIP+D2T", "_sip._tcp.example.com")
            .Naptr("example.com", 100, 50, "SIP+D2U", "_sip._udp.example.com")
            .Srv("_sip._tcp.example.com", 0, 1, 5060, "server1.example.com")
            .Srv("_sip._tcp.example.com", 0, 2, 5070, "server2.example.com")
            .Srv("_sip._udp.example.com", 0, 1, 5060, "server1.example.com") // of a further order: not considered
            .A("server1.example.com", "192.0.2.1").A("server2.example.com", "192.0.2.2");
        Assert.Equal("Tcp 192.0.2.1:5060, Tcp 192.0.2.2:5070", await fixture.LocateAsync("sip:user@example.com"));
        Assert.Empty(fixture.AskedOfPlatform);
    }

    [Fact]
    public async Task Locate_NaptrOrderWithoutServers_LeadsToTheNextOrder()
    {
        await using var fixture = new LocatorFixture();
        fixture.Dns
            .Naptr("example.com", 10, 50, "SIP+D2T", "_sip._tcp.gone.example.com")
            .Naptr("example.com", 20, 50, "SIP+D2U", "_sip._udp.example.com")
            .Srv("_sip._udp.example.com", 0, 0, 5060, "a.example.com").A("a.example.com", "192.0.2.1");
        Assert.Equal("Udp 192.0.2.1:5060", await fixture.LocateAsync("sip:example.com"));
    }

    [Fact]
    public async Task Locate_NaptrOfOneOrder_GoesByPreferenceAndKeepsTheOthers()
    {
        await using var fixture = new LocatorFixture();
        fixture.Dns
            .Naptr("example.com", 10, 60, "SIP+D2U", "_sip._udp.example.com")
            .Naptr("example.com", 10, 50, "sip+d2t", "_sip._tcp.example.com", flags: "S")
            .Naptr("example.com", 1, 1, "SIP+D2U", "_wrong.example.com", flags: "u") // not for SRV
            .Naptr("example.com", 1, 1, "SIP+D2U", "", regexp: "!^.*$!sip:x@example.org!")
            .Naptr("example.com", 1, 1, "E2U+sip", "_wrong.example.com")
            .Srv("_sip._udp.example.com", 0, 0, 5060, "a.example.com")
            .Srv("_sip._tcp.example.com", 0, 0, 5060, "a.example.com").A("a.example.com", "192.0.2.1");
        Assert.Equal("Tcp 192.0.2.1:5060, Udp 192.0.2.1:5060", await fixture.LocateAsync("sip:example.com"));
    }

    [Fact]
    public async Task Locate_WithoutNaptr_TakesEveryTransportThatHasServers()
    {
        await using var fixture = new LocatorFixture { CanReach = (_, family) => family == AddressFamily.InterNetwork };
        fixture.Dns
            .Srv("_sips._tcp.example.com", 0, 0, 5061, "a.example.com")
            .Srv("_sip._tcp.example.com", 20, 0, 5062, "b.example.com")
            .Srv("_sip._tcp.example.com", 10, 0, 5064, "a.example.com")
            .A("a.example.com", "192.0.2.1").A("b.example.com", "192.0.2.2");
        Assert.Equal("Tcp 192.0.2.1:5064, Tcp 192.0.2.2:5062, Tls 192.0.2.1:5061", await fixture.LocateAsync("sip:example.com"));
        Assert.Equal(
            ["A a.example.com", "A b.example.com", "AAAA a.example.com", "AAAA b.example.com", "NAPTR example.com", "SRV _sip._tcp.example.com", "SRV _sip._udp.example.com", "SRV _sips._tcp.example.com"],
            fixture.Dns.TakeAsked());
    }

    [Fact]
    public async Task Locate_WithoutAnyRecords_AsksForTheHostItself()
    {
        await using var fixture = new LocatorFixture();
        fixture.Dns.A("sip.example.com", "192.0.2.1").A("sip.example.com", "192.0.2.2").A("sip.example.com", "2001:db8::1");
        Assert.Equal("Udp 192.0.2.1:5060, Udp 192.0.2.2:5060", await fixture.LocateAsync("sip:a@SIP.example.com."));
    }

    [Fact]
    public async Task Locate_TransportNamed_AsksForItsServersOnly()
    {
        await using var fixture = new LocatorFixture();
        fixture.Dns.Srv("_sip._tcp.example.com", 0, 0, 5070, "a.example.com").A("a.example.com", "192.0.2.1");
        Assert.Equal("Tcp 192.0.2.1:5070", await fixture.LocateAsync("sip:example.com;transport=TCP"));
        Assert.Equal(["A a.example.com", "AAAA a.example.com", "SRV _sip._tcp.example.com"], fixture.Dns.TakeAsked());
    }

    [Fact]
    public async Task Locate_PortNamed_AsksForAddressesOnly()
    {
        await using var fixture = new LocatorFixture();
        fixture.Dns.A("example.com", "192.0.2.1");
        Assert.Equal("Udp 192.0.2.1:5080", await fixture.LocateAsync("sip:example.com:5080"));
        Assert.Equal(["A example.com", "AAAA example.com"], fixture.Dns.TakeAsked());
    }

    [Fact]
    public async Task Locate_Sips_NeverLeavesTls()
    {
        await using var fixture = new LocatorFixture { CanReach = (_, _) => true };
        fixture.Dns
            .Naptr("example.com", 10, 50, "SIP+D2U", "_sip._udp.example.com")
            .Naptr("example.com", 20, 50, "SIPS+D2T", "_sips._tcp.other.example.net")
            .Srv("_sips._tcp.other.example.net", 0, 0, 5071, "a.other.example.net").A("a.other.example.net", "192.0.2.1");
        var hop = Assert.Single(await fixture.Locator.LocateAsync(LocatorFixture.Uri("sips:bob@Example.com."), CancellationToken.None));
        Assert.Equal("Tls 192.0.2.1:5071", $"{hop.Kind} {hop.EndPoint}");
        Assert.Equal("Example.com", hop.HostName); // what was asked for, not where the records led
        Assert.Equal("", await fixture.LocateAsync("sips:nobody.example.com"));
    }

    [Fact]
    public async Task Locate_SipsWithoutRecords_IsTlsAtTheHost()
    {
        await using var fixture = new LocatorFixture { CanReach = (_, _) => true };
        fixture.Dns.A("example.com", "192.0.2.1");
        Assert.Equal("Tls 192.0.2.1:5061", await fixture.LocateAsync("sips:example.com"));
    }

    [Fact]
    public async Task Locate_NoTlsSocket_SipsLeadsNowhere()
    {
        await using var fixture = new LocatorFixture();
        fixture.Dns.A("example.com", "192.0.2.1");
        Assert.Equal("", await fixture.LocateAsync("sips:example.com"));
    }

    [Fact]
    public async Task Locate_ServiceDecidedlyNotThere_DoesNotAskForTheHost()
    {
        await using var fixture = new LocatorFixture();
        fixture.Dns.Srv("_sip._udp.example.com", 0, 0, 0, ".").A("example.com", "192.0.2.1");
        Assert.Equal("", await fixture.LocateAsync("sip:example.com"));
    }

    [Fact]
    public async Task Locate_MulticastAddressIsAName_CertificateNamesTheHost()
    {
        await using var fixture = new LocatorFixture { CanReach = (_, _) => true };
        fixture.Dns.A("proxy.example.net", "192.0.2.9");
        var hop = Assert.Single(await fixture.Locator.LocateAsync(LocatorFixture.Uri("sips:bob@example.com;maddr=proxy.example.net"), CancellationToken.None));
        Assert.Equal("192.0.2.9:5061 example.com", $"{hop.EndPoint} {hop.HostName}");
    }

    [Fact]
    public async Task Locate_BothFamilies_TakesThoseWithASocket()
    {
        await using var fixture = new LocatorFixture { CanReach = (kind, family) => kind == SipTransportKind.Udp && family == AddressFamily.InterNetworkV6 };
        fixture.Dns.Srv("_sip._udp.example.com", 0, 0, 5060, "a.example.com").A("a.example.com", "192.0.2.1").A("a.example.com", "2001:db8::1");
        Assert.Equal("Udp [2001:db8::1]:5060", await fixture.LocateAsync("sip:example.com"));
    }

    [Fact]
    public async Task Locate_MoreServersThanAnybodyTries_IsCut()
    {
        await using var fixture = new LocatorFixture();
        for (int i = 0; i < 20; i++)
        {
            fixture.Dns.Srv("_sip._udp.example.com", i, 0, 5060, $"s{i}.example.com");
            fixture.Dns.A($"s{i}.example.com", $"192.0.2.{(2 * i) + 1}").A($"s{i}.example.com", $"192.0.2.{(2 * i) + 2}").A($"s{i}.example.com", $"192.0.2.{(2 * i) + 1}");
        }

        var hops = await fixture.Locator.LocateAsync(LocatorFixture.Uri("sip:example.com"), CancellationToken.None);
        Assert.Equal(SipLocator.MostHops, hops.Count);
        Assert.Equal(hops.Count, hops.Distinct().Count());
        Assert.Equal("192.0.2.1:5060", hops[0].EndPoint.ToString());
    }

    [Fact]
    public async Task Locate_NamesOfThisNetwork_AreThePlatforms()
    {
        await using var fixture = new LocatorFixture();
        fixture.Platform["kamailio"] = ["192.0.2.5"];
        fixture.Platform["pbx.internal.example"] = ["192.0.2.6", "2001:db8::6"];
        Assert.Equal("Udp 192.0.2.5:5060", await fixture.LocateAsync("sip:kamailio"));
        Assert.Empty(fixture.Dns.TakeAsked());
        Assert.Equal("Udp 192.0.2.6:5060", await fixture.LocateAsync("sip:pbx.internal.example")); // a hosts file knows it, the name server does not
        Assert.Equal("Udp 192.0.2.6:5060", await fixture.LocateAsync("sip:pbx.internal.example"));
        Assert.Equal(["kamailio", "pbx.internal.example"], fixture.AskedOfPlatform); // the second time from memory
        fixture.Time.Advance(TimeSpan.FromSeconds(31));
        await fixture.LocateAsync("sip:kamailio");
        Assert.Equal(3, fixture.AskedOfPlatform.Count);
    }

    [Fact]
    public async Task Locate_HostsOfTheOptions_AskNobody()
    {
        await using var fixture = new LocatorFixture
        {
            Options = new SipResolutionOptions { Hosts = new Dictionary<string, IReadOnlyList<System.Net.IPAddress>> { ["pbx.example.com"] = [System.Net.IPAddress.Parse("192.0.2.8")] } },
        };
        var located = fixture.Locator.LocateAsync(LocatorFixture.Uri("sip:PBX.example.com"), CancellationToken.None);
        Assert.True(located.IsCompletedSuccessfully);
        Assert.Equal("Udp 192.0.2.8:5060", LocatorFixture.Show(await located));
        Assert.Empty(fixture.Dns.TakeAsked());
        Assert.Empty(fixture.AskedOfPlatform);
    }

    [Fact]
    public async Task Locate_WithoutServiceRecords_AsksForAddressesOnly()
    {
        await using var fixture = new LocatorFixture { Options = new SipResolutionOptions { UseServiceRecords = false } };
        fixture.Dns.Srv("_sip._udp.example.com", 0, 0, 5070, "a.example.com").A("example.com", "192.0.2.1");
        Assert.Equal("Udp 192.0.2.1:5060", await fixture.LocateAsync("sip:example.com"));
        Assert.Equal(["A example.com", "AAAA example.com"], fixture.Dns.TakeAsked());
    }

    [Theory]
    [InlineData("sip:df7jal23ls0d.invalid")] // what browsers write into Contact
    [InlineData("sip:nobody.example.com")]
    public async Task Locate_NobodyThere_IsEmpty(string uri)
    {
        await using var fixture = new LocatorFixture();
        Assert.Equal("", await fixture.LocateAsync(uri));
    }
}
