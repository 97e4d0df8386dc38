using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>The ways to a server: over OpenSSL, over .NET's TLS, through a proxy. Alone, for the proxy is the process's.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class LiveTransportTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task Request_OtherPort_IsTheSameBothWays(string host)
    {
        using X509Certificate2 certificate = TestCertificate.OfAuthority(host);
        List<string> heads = [];
        await using var server = Refusing(certificate, heads);
        var uri = new Uri($"wss://{host}:{server.Endpoint.BaseUri.Port}/a%20b/c");
        await SendAsync(new LiveTrust([TestCertificate.Authority], portable: true).TransportFor(uri), uri);
        await SendAsync(new LiveTrust([TestCertificate.Authority]).TransportFor(uri), uri);
        Assert.Equal(2, heads.Count);
        Assert.Equal(heads[0], heads[1]);
        Assert.StartsWith($"GET /a%20b/c HTTP/1.1\r\nHost: {uri.Authority}\r\n", heads[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wss://live.example.com/", "live.example.com")]
    [InlineData("wss://live.example.com:443/", "live.example.com")]
    [InlineData("wss://live.example.com:80/", "live.example.com:80")]
    [InlineData("ws://live.example.com:443/", "live.example.com:443")]
    [InlineData("wss://b\u00fccher.example/", "xn--bcher-kva.example")]
    [InlineData("wss://[::1]:8443/", "[::1]:8443")]
    public void Request_Host_IsThatOfTheAddress(string uri, string host)
    {
        using HttpRequestMessage request = WebSocketUpgrade.Request(new Uri(uri), "key", []);
        Assert.Equal(host, request.Headers.Host);
    }

    /// <summary>What goes through a tunnel to the usual port is what OpenSSL would send there.</summary>
    [Fact]
    public async Task Request_UsualPort_IsTheSameBothWaysAndThroughAProxy()
    {
        using X509Certificate2 certificate = TestCertificate.OfAuthority("live.example.com");
        List<string> heads = [];
        await using var server = Refusing(certificate, heads);
        await using var proxy = new ConnectProxy(new IPEndPoint(IPAddress.Loopback, server.Endpoint.BaseUri.Port));
        var uri = new Uri("wss://live.example.com/path");
        await ThroughAsync(new WebProxy(proxy.Address), async () =>
            await SendAsync(new LiveTrust([TestCertificate.Authority]).TransportFor(uri), uri));
        Assert.Equal(["CONNECT live.example.com:443 HTTP/1.1"], proxy.Asked);

        using var tls = new TlsContext([TestCertificate.Authority]);
        await SendAsync(LiveTransport.Create(tls, new IPEndPoint(IPAddress.Loopback, server.Endpoint.BaseUri.Port)), uri);
        Assert.Equal(2, heads.Count);
        Assert.Equal(heads[0], heads[1]);
        Assert.StartsWith("GET /path HTTP/1.1\r\nHost: live.example.com\r\n", heads[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task TransportFor_ProxyExceptForSome_GoesThroughItOnlyWhereItShould()
    {
        var trust = new LiveTrust([]);
        Uri away = new("wss://live.example.com"), near = new("wss://live.example.org"), here = new("wss://127.0.0.1:8443"), plain = new("ws://live.example.org");
        HttpMessageInvoker direct = trust.TransportFor(here);
        await ThroughAsync(new WebProxy("http://127.0.0.1:3128") { BypassList = [@"live\.example\.org"] }, () =>
        {
            Assert.NotSame(direct, trust.TransportFor(away));
            Assert.Same(direct, trust.TransportFor(near));
            Assert.Same(direct, trust.TransportFor(here));
            Assert.NotSame(direct, trust.TransportFor(plain));
            return Task.CompletedTask;
        });
    }

    private static LoopbackServer Refusing(X509Certificate2 certificate, List<string> heads) => new(
        async connection =>
        {
            heads.Add(connection.Request);
            await connection.RefuseAsync("503 Service Unavailable");
        },
        certificate);

    private static async Task SendAsync(HttpMessageInvoker transport, Uri uri)
    {
        using HttpRequestMessage request = WebSocketUpgrade.Request(uri, "dGhlIHNhbXBsZSBub25jZQ==", [("x-goog-api-key", "key")]);
        using HttpResponseMessage response = await transport.SendAsync(request, CancellationToken.None).WaitAsync(Soon);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    private static async Task ThroughAsync(IWebProxy proxy, Func<Task> does)
    {
        IWebProxy before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = proxy;
        try
        {
            await does();
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }
}
