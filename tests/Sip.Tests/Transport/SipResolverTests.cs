using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip.Tests.Transport;

public class SipResolverTests
{
    private static readonly SipResolver Resolver = new((host, _) => host switch
    {
        "both.example.com" => Task.FromResult<IPAddress[]>([IPAddress.Parse("2001:db8::1"), IPAddress.Parse("192.0.2.7")]),
        _ => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)),
    });

    [Theory]
    [InlineData("sip:192.0.2.1", "Udp 192.0.2.1:5060")]
    [InlineData("sip:a@192.0.2.1:5070;transport=tcp", "Tcp 192.0.2.1:5070")]
    [InlineData("sip:a@[2001:db8::9]", "Udp [2001:db8::9]:5060")]
    [InlineData("sips:a@192.0.2.1", "Tls 192.0.2.1:5061")]
    [InlineData("sips:a@192.0.2.1;transport=tcp", "Tls 192.0.2.1:5061")]
    [InlineData("sip:a@example.com;maddr=192.0.2.3", "Udp 192.0.2.3:5060")]
    [InlineData("sip:a@both.example.com", "Udp 192.0.2.7:5060")] // no IPv6 socket here
    [InlineData("sip:a@unknown.example.com", null)]
    [InlineData("sip:a@192.0.2.1;transport=sctp", null)]
    [InlineData("tel:+15550100", null)]
    public async Task Resolve_Uri_FindsTheHop(string text, string? expected)
    {
        Assert.True(SipUri.TryParse(text, out var uri));
        var hop = await Resolver.ResolveAsync(uri!, (_, family) => family == AddressFamily.InterNetwork, CancellationToken.None);
        Assert.Equal(expected, hop is { } found ? $"{found.Kind} {found.EndPoint}" : null);
    }
}
