using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Transport;

/// <summary>Real sockets on loopback, certificates of the moment.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("tls:127.0.0.1:0")]
    [InlineData("tls:[::1]:0")]
    public async Task Options_OverTls_AreAnsweredBothWays(string text)
    {
        Assert.True(SipListen.TryParse(text, out var listen, out _));
        var options = new SipEndpointOptions { Listen = [listen], Tls = _certificates.Options(_certificates.Issue(TestCertificates.Loopback())) };
        await using var one = new SipEndpoint(options);
        await using var other = new SipEndpoint(options);
        await one.StartAsync();
        await other.StartAsync();
        foreach (var (from, to) in new[] { (one, other), (other, one) })
        {
            var bound = to.BoundEndPoints[0].EndPoint;
            var target = new SipUri(null, bound.Address.ToString(), bound.Port).WithParameter("transport", "tls");
            Assert.Equal(200, (await from.OptionsAsync(target))?.StatusCode);
            Assert.Equal(200, (await from.OptionsAsync(target))?.StatusCode);
        }

        Assert.Equal(1, one.Counters[SipCounter.ConnectionsOpened]);
        Assert.Equal(1, other.Counters[SipCounter.ConnectionsOpened]);
        Assert.Equal(0, one.Counters[SipCounter.TlsHandshakesFailed]);
    }

    [Fact]
    public async Task Start_WithoutCertificate_NamesTheKey()
    {
        await using var endpoint = new SipEndpoint(new SipEndpointOptions { Listen = [TransportNode.Loopback(SipTransportKind.Tls)] });
        var thrown = await Assert.ThrowsAsync<SipBindException>(() => endpoint.StartAsync());
        Assert.Contains("Tls:CertificateFile", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("tls:127.0.0.1:0", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.pem", "CertificateFile")]
    [InlineData("garbage.pem", "CertificateFile")]
    public async Task Start_CertificateUnusable_NamesTheKeyAndTheFile(string file, string key)
    {
        var path = Path.Combine(_certificates.Folder, file);
        if (file == "garbage.pem")
            await File.WriteAllTextAsync(path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        await using var endpoint = new SipEndpoint(new SipEndpointOptions
        {
            Listen = [TransportNode.Loopback(SipTransportKind.Tls)],
            Tls = new SipTlsOptions { CertificateFile = path },
        });
        var thrown = await Assert.ThrowsAsync<SipBindException>(() => endpoint.StartAsync());
        Assert.Contains($"Tls:{key}", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(file, thrown.Message, StringComparison.Ordinal);
        Assert.Empty(endpoint.BoundEndPoints);
    }

    [Fact]
    public async Task Start_Pkcs12WithPassword_Serves()
    {
        var own = _certificates.Issue(TestCertificates.Loopback());
        var path = Path.Combine(_certificates.Folder, "own.pfx");
        await File.WriteAllBytesAsync(path, own.Export(X509ContentType.Pkcs12, "secret"));
        await using var node = await StartAsync(new SipTlsOptions { CertificateFile = path, KeyPassword = "secret" });
        using var peer = await LoopbackPeer.ConnectTlsAsync(node.Bound);
        Assert.Equal(own.GetCertHashString(), peer.Shown!.GetCertHashString());
    }

    [Fact]
    public async Task Certificate_State_ShowsItsEnd()
    {
        var own = _certificates.Issue(TestCertificates.Loopback("gw.example.com"));
        await using var endpoint = new SipEndpoint(new SipEndpointOptions { Listen = [TransportNode.Loopback(SipTransportKind.Tls)], Tls = _certificates.Options(own) });
        await endpoint.StartAsync();
        Assert.Equal(own.NotAfter.ToUniversalTime(), endpoint.Certificate!.NotAfter.UtcDateTime);
        Assert.Contains("gw.example.com", endpoint.Certificate.Identities);
        Assert.Null(endpoint.Certificate.Problem);
    }

    [Theory]
    [InlineData("gw.example.com", true)]
    [InlineData("GW.Example.COM", true)]
    [InlineData("uri.example.com", true)] // URI:sip:uri.example.com
    [InlineData("user.example.com", false)] // URI:sip:alice@user.example.com is no domain's
    [InlineData("example.com", false)]
    [InlineData("a.wild.example.com", false)] // RFC 5922 section 7.2: no wildcards
    [InlineData(null, true)] // IP:127.0.0.1
    public async Task OpenFlow_ServerCertificate_MustNameTheDomain(string? domain, bool isReached)
    {
        var own = _certificates.Issue(san =>
        {
            TestCertificates.Loopback("gw.example.com", "*.wild.example.com")(san);
            san.AddUri(new Uri("sip:uri.example.com"));
            san.AddUri(new Uri("sip:alice@user.example.com"));
        });
        await using var server = await StartAsync(_certificates.Options(own));
        var failures = new ConcurrentQueue<SipTlsFailure>();
        await using var client = await StartAsync(_certificates.Options(own, "client") with { OnHandshakeFailed = failures.Enqueue });
        var flow = await client.OpenAsync(client.HopTo(server, domain));
        Assert.Equal(isReached, flow is not null);
        Assert.Equal(isReached ? 0 : 1, client.Counters[SipCounter.TlsHandshakesFailed]);
        if (isReached)
            Assert.Equal(own.GetCertHashString(), flow!.PeerCertificate!.GetCertHashString());
        else
            Assert.Contains(domain!, Assert.Single(failures).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenFlow_WildcardAllowed_CoversOneLabel()
    {
        await using var server = await StartAsync(_certificates.Options(_certificates.Issue(san => san.AddDnsName("*.wild.example.com"))));
        await using var client = await StartAsync(new SipTlsOptions { ServerTrustFile = _certificates.TrustFile, AllowWildcards = true }, listens: false);
        Assert.NotNull(await client.OpenAsync(client.HopTo(server, "a.wild.example.com")));
        Assert.Null(await client.OpenAsync(client.HopTo(server, "a.b.wild.example.com")));
    }

    [Fact]
    public async Task OpenFlow_UntrustedServer_OnlyWhenToldToTakeAny()
    {
        await using var server = await StartAsync(_certificates.Options(_certificates.Issue(TestCertificates.Loopback("gw.example.com"))));
        await using var client = await StartAsync(new SipTlsOptions(), listens: false); // the system's authorities
        Assert.Null(await client.OpenAsync(client.HopTo(server, "gw.example.com")));
        await using var careless = await StartAsync(new SipTlsOptions { AcceptAnyServerCertificate = true }, listens: false);
        var flow = await careless.OpenAsync(careless.HopTo(server, "gw.example.com"));
        Assert.NotNull(flow);
        Assert.Null(flow.PeerCertificate);
    }

    [Theory]
    [InlineData("1.3.6.1.5.5.7.3.1", true)] // server authentication: what public authorities issue
    [InlineData("1.3.6.1.5.5.7.3.20", true)] // SIP domain (RFC 5924)
    [InlineData("1.3.6.1.5.5.7.3.4", false)] // mail
    public async Task ClientCertificate_Usage_IsLookedAt(string usage, bool isTrusted)
    {
        await using var server = await StartAsync(_certificates.Options(_certificates.Issue(TestCertificates.Loopback())) with { ClientCertificates = SipClientCertificates.Request });
        using var peer = await LoopbackPeer.ConnectTlsAsync(server.Bound, _certificates.Issue(san => san.AddDnsName("peer.example.com"), usage: usage));
        await peer.SendAsync(peer.Options());
        Assert.Equal(isTrusted, (await server.NextAsync()).Flow.PeerCertificate is not null);
    }

    [Theory]
    [InlineData(SipClientCertificates.Off, true, true, false)]
    [InlineData(SipClientCertificates.Request, false, true, false)]
    [InlineData(SipClientCertificates.Request, true, true, true)]
    [InlineData(SipClientCertificates.Require, false, false, false)]
    [InlineData(SipClientCertificates.Require, true, true, true)]
    public async Task ClientCertificate_AsAsked_DecidesWhoIsServed(SipClientCertificates asked, bool isShown, bool isServed, bool isKnown)
    {
        await using var server = await StartAsync(_certificates.Options(_certificates.Issue(TestCertificates.Loopback())) with { ClientCertificates = asked });
        var own = _certificates.Issue(san => san.AddDnsName("peer.example.com"));
        if (!isServed)
        {
            await Assert.ThrowsAnyAsync<IOException>(async () =>
            {
                using var refused = await LoopbackPeer.ConnectTlsAsync(server.Bound, isShown ? own : null);
                await refused.SendAsync(refused.Options());
                if (await refused.ReceiveAsync() is null) // with TLS 1.3 the refusal comes after the client's handshake
                    throw new IOException("closed");
            });
            await server.WaitForAsync(SipCounter.TlsHandshakesFailed);
            return;
        }

        using var peer = await LoopbackPeer.ConnectTlsAsync(server.Bound, isShown ? own : null);
        await peer.SendAsync(peer.Options());
        var (_, flow) = await server.NextAsync();
        Assert.Equal(isKnown ? own.GetCertHashString() : null, flow.PeerCertificate?.GetCertHashString());
    }

    [Fact]
    public async Task ClientCertificate_OfAStranger_IsRefusedWhenRequired()
    {
        using var strangers = new TestCertificates();
        await using var server = await StartAsync(_certificates.Options(_certificates.Issue(TestCertificates.Loopback())) with { ClientCertificates = SipClientCertificates.Require });
        await using var client = await StartAsync(
            strangers.Options(strangers.Issue(san => san.AddDnsName("peer.example.com"))) with { ServerTrustFile = _certificates.TrustFile }, listens: false);
        if (await client.OpenAsync(client.HopTo(server)) is { } flow)
            await ClosedAsync(flow); // TLS 1.3: refused after our side was done
        await server.WaitForAsync(SipCounter.TlsHandshakesFailed);
    }

    [Fact]
    public async Task Reload_ChangedFiles_ServeTheNextHandshakeAndBrokenOnesDoNot()
    {
        var time = new FakeTime();
        var states = new ConcurrentQueue<SipCertificateState>();
        var first = _certificates.Issue(TestCertificates.Loopback());
        var second = _certificates.Issue(TestCertificates.Loopback());
        var options = _certificates.Options(first) with { OnCertificate = states.Enqueue };
        await using var node = await StartAsync(options, time: time);
        using var kept = await LoopbackPeer.ConnectTlsAsync(node.Bound);
        await kept.SendAsync(kept.Options());
        await node.NextAsync();
        Assert.Equal(first.GetCertHashString(), await ShownAsync());

        // The certificate is new, its key still to be written.
        await File.WriteAllTextAsync(options.CertificateFile!, second.ExportCertificatePem());
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(first.GetCertHashString(), await ShownAsync());
        Assert.Contains("CertificateFile", node.Transports.Certificate!.Problem, StringComparison.Ordinal);
        Assert.Equal(1, node.Counters[SipCounter.TlsFilesRejected]);
        time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(1, node.Counters[SipCounter.TlsFilesRejected]); // said once

        await File.WriteAllTextAsync(options.KeyFile!, TestCertificates.KeyOf(second));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(second.GetCertHashString(), await ShownAsync());
        Assert.Null(node.Transports.Certificate!.Problem);

        File.Delete(options.KeyFile!);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(second.GetCertHashString(), await ShownAsync());
        Assert.NotNull(node.Transports.Certificate!.Problem);
        Assert.Equal(4, states.Count);

        await kept.SendAsync(kept.Options(cseq: 2));
        Assert.StartsWith("OPTIONS", (await node.NextAsync()).Text); // a connection of before goes on

        async Task<string> ShownAsync()
        {
            using var peer = await LoopbackPeer.ConnectTlsAsync(node.Bound);
            return peer.Shown!.GetCertHashString();
        }
    }

    [Fact]
    public async Task Handshake_Stalled_IsEndedAndHoldsUpNobody()
    {
        var options = new SipConnectionOptions { HandshakeLimit = TimeSpan.FromSeconds(2) };
        await using var node = await StartAsync(_certificates.Options(_certificates.Issue(TestCertificates.Loopback())), options);
        using var silent = await LoopbackPeer.ConnectAsync(node.Bound with { Kind = SipTransportKind.Tcp });
        using var slow = await LoopbackPeer.ConnectAsync(node.Bound with { Kind = SipTransportKind.Tcp });
        await slow.SendAsync(new byte[] { 22, 3, 1 }); // the beginning of a ClientHello
        using var peer = await LoopbackPeer.ConnectTlsAsync(node.Bound);
        await peer.SendAsync(peer.Options());
        await node.NextAsync();
        Assert.Equal(0, node.Counters[SipCounter.TlsHandshakesFailed]);
        Assert.Null(await silent.ReceiveAsync());
        Assert.Null(await slow.ReceiveAsync());
        await node.WaitForAsync(SipCounter.TlsHandshakesFailed, 2);
    }

    [Fact]
    public async Task Handshakes_BeyondTheCap_AreTurnedAwayAndThePlaceComesBack()
    {
        var options = new SipConnectionOptions { MaxHandshakes = 4 }; // one a source
        await using var node = await StartAsync(_certificates.Options(_certificates.Issue(TestCertificates.Loopback())), options);
        var tcp = node.Bound with { Kind = SipTransportKind.Tcp };
        using (var silent = await LoopbackPeer.ConnectAsync(tcp))
        {
            await node.WaitForAsync(SipCounter.ConnectionsAccepted);
            using var second = await LoopbackPeer.ConnectAsync(tcp);
            Assert.Null(await second.ReceiveAsync());
            Assert.Equal(1, node.Counters[SipCounter.ConnectionsRefused]);
        }

        await node.WaitForAsync(SipCounter.TlsHandshakesFailed);
        using var peer = await LoopbackPeer.ConnectTlsAsync(node.Bound);
        await peer.SendAsync(peer.Options());
        await node.NextAsync();
    }

    [Fact]
    public async Task Junk_InsteadOfAHandshake_IsClosed()
    {
        await using var node = await StartAsync(_certificates.Options(_certificates.Issue(TestCertificates.Loopback())));
        using var peer = await LoopbackPeer.ConnectAsync(node.Bound with { Kind = SipTransportKind.Tcp });
        await peer.SendAsync("OPTIONS sip:a@b SIP/2.0\n\n");
        while (await peer.ReceiveAsync() is not null)
        {
            // An alert may come first.
        }

        await node.WaitForAsync(SipCounter.TlsHandshakesFailed);
    }

    [Fact]
    public async Task Reuse_SamePlaceAnotherDomain_NeedsACertificateForIt()
    {
        await using var server = await StartAsync(_certificates.Options(_certificates.Issue(TestCertificates.Loopback("a.example.com", "b.example.com"))));
        await using var client = await StartAsync(new SipTlsOptions { ServerTrustFile = _certificates.TrustFile }, listens: false);
        var first = await client.OpenAsync(client.HopTo(server, "a.example.com"));
        Assert.Same(first, await client.OpenAsync(client.HopTo(server, "a.example.com")));
        Assert.Same(first, await client.OpenAsync(client.HopTo(server, "b.example.com")));
        Assert.Null(await client.OpenAsync(client.HopTo(server, "c.example.com")));
    }

    [Theory]
    [InlineData(";alias", "b.example.com", true)]
    [InlineData("", "b.example.com", false)]
    [InlineData(";alias", "c.example.com", false)]
    public async Task Reuse_ConnectionOfThePeers_WithAliasAndCertificate(string alias, string domain, bool isReused)
    {
        var server = await StartAsync(
            _certificates.Options(_certificates.Issue(TestCertificates.Loopback("a.example.com")), "a") with { ClientCertificates = SipClientCertificates.Request });
        await using var _ = server;
        await using var client = await StartAsync(_certificates.Options(_certificates.Issue(TestCertificates.Loopback("b.example.com")), "b"));
        var flow = await client.OpenAsync(client.HopTo(server, "a.example.com"));
        Assert.True(flow!.OffersReuse);
        using var text = await LoopbackPeer.ConnectAsync(server.Bound with { Kind = SipTransportKind.Tcp }); // only for its text
        var options = text.Options().Replace($"127.0.0.1:{text.Port};rport", $"127.0.0.1:{client.Bound.EndPoint.Port};rport{alias}", StringComparison.Ordinal);
        Assert.True(flow.Send(System.Text.Encoding.ASCII.GetBytes(options.ReplaceLineEndings("\r\n"))));
        var (_, accepted) = await server.NextAsync();
        var back = await server.OpenAsync(server.HopTo(client, domain));
        Assert.Equal(isReused, ReferenceEquals(accepted, back));
        Assert.Equal(alias.Length > 0 ? 1 : 0, server.Counters[SipCounter.ConnectionsAliased]);
    }

    [Fact]
    public async Task Reuse_AliasWithoutCertificate_IsNotGranted()
    {
        await using var server = await StartAsync(_certificates.Options(_certificates.Issue(TestCertificates.Loopback())) with { ClientCertificates = SipClientCertificates.Request });
        using var peer = await LoopbackPeer.ConnectTlsAsync(server.Bound);
        await peer.SendAsync(peer.Options().Replace(";rport", ";rport;alias", StringComparison.Ordinal).Replace($":{peer.Port};", ":5061;", StringComparison.Ordinal));
        await server.NextAsync();
        Assert.Equal(0, server.Counters[SipCounter.ConnectionsAliased]);
    }

    [Fact]
    public async Task SlowSender_ByteByByte_IsAnswered()
    {
        await using var endpoint = new SipEndpoint(new SipEndpointOptions
        {
            Listen = [TransportNode.Loopback(SipTransportKind.Tls)],
            Tls = _certificates.Options(_certificates.Issue(TestCertificates.Loopback())),
        });
        await endpoint.StartAsync();
        using var peer = await LoopbackPeer.ConnectTlsAsync(endpoint.BoundEndPoints[0]);
        foreach (var c in peer.Options().ReplaceLineEndings("\r\n"))
            await peer.SendAsync(new byte[] { (byte)c });
        Assert.StartsWith("SIP/2.0 200", await peer.ReceiveAsync());
    }

    private static Task<TransportNode> StartAsync(SipTlsOptions tls, SipConnectionOptions? connections = null, bool listens = true, TimeProvider? time = null) =>
        TransportNode.StartAsync(new SipEndpointOptions
        {
            Listen = listens ? [TransportNode.Loopback(SipTransportKind.Tls)] : [],
            Tls = tls,
            Connections = connections ?? new SipConnectionOptions(),
            TimeProvider = time ?? TimeProvider.System,
        });

    private static async Task ClosedAsync(SipFlow flow)
    {
        for (int i = 0; i < 2000 && flow.IsOpen; i++)
            await Task.Delay(10);
        Assert.False(flow.IsOpen);
    }
}
