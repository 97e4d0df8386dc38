using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp.Tests.Sockets;

public class TransportAddressTests
{
    [Theory]
    [InlineData("192.0.2.7:5004")]
    [InlineData("[2001:db8::17]:5004")]
    [InlineData("255.255.255.255:65535")]
    public void From_EndPointAndItsSocketAddress_AreEqual(string text)
    {
        var endPoint = IPEndPoint.Parse(text);
        var raw = endPoint.Serialize();
        var isIPv6 = endPoint.AddressFamily == AddressFamily.InterNetworkV6;

        var address = TransportAddress.From(endPoint);
        Assert.Equal(address, TransportAddress.FromSocketAddress(raw.Buffer.Span[..raw.Size], isIPv6));
        Assert.Equal(endPoint, address.ToEndPoint(endPoint.AddressFamily));
        Assert.True(address.IsUsable);
    }

    [Fact]
    public void From_MappedIPv4_IsTheSameAsIPv4()
    {
        var plain = TransportAddress.From(IPEndPoint.Parse("192.0.2.7:5004"));
        Assert.Equal(plain, TransportAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.7").MapToIPv6(), 5004)));
        Assert.Equal("[::ffff:192.0.2.7]:5004", plain.ToEndPoint(AddressFamily.InterNetworkV6)!.ToString());
    }

    [Fact]
    public void ToEndPoint_IPv6ForAnIPv4Socket_IsNone() =>
        Assert.Null(TransportAddress.From(IPEndPoint.Parse("[2001:db8::1]:1")).ToEndPoint(AddressFamily.InterNetwork));

    [Theory]
    [InlineData("0.0.0.0:4000")]
    [InlineData("[::]:4000")]
    [InlineData("192.0.2.1:0")]
    public void IsUsable_FormsThatMeanNowhere_IsFalse(string text) => Assert.False(TransportAddress.From(IPEndPoint.Parse(text)).IsUsable);

    [Fact]
    public void FromSocketAddress_TooShort_IsNone() => Assert.False(TransportAddress.FromSocketAddress(new byte[4], false).IsUsable);
}
