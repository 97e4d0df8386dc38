using System.Net;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Resolution;

public sealed class DnsNameServersTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"resolv-{Guid.NewGuid():N}.conf");
    private readonly FakeTime _time = new();

    [Fact]
    public void Parse_LinesOfTheFile_FindsTheServers() => Assert.Equal(
        ["192.0.2.53:53", "[2001:db8::53]:53", "[fe80::1%2]:53"],
        DnsNameServers.Parse(
        [
            "# nameserver 192.0.2.1", "; nameserver 192.0.2.2", "search example.com", "nameserver 192.0.2.53", "nameserver\t2001:db8::53   # near",
            "  nameserver fe80::1%2", "nameserver", "nameserver not.an.address", "nameservers 192.0.2.3", "options ndots:2 timeout:1", "",
        ]).Select(server => server.ToString()));

    [Fact]
    public void Current_FileChanges_IsReadAgain()
    {
        var servers = new DnsNameServers([], _file, _time);
        Assert.Empty(servers.Current);
        Write("nameserver 192.0.2.1", minute: 1);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("192.0.2.1:53", Assert.Single(servers.Current).ToString());
        Write("nameserver 192.0.2.2", minute: 2);
        Assert.Equal("192.0.2.1:53", Assert.Single(servers.Current).ToString()); // not looked at for each question
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("192.0.2.2:53", Assert.Single(servers.Current).ToString());
        File.Delete(_file);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(servers.Current);
    }

    [Fact]
    public void Current_ServersOfTheOptions_NeedNoFile()
    {
        Write("nameserver 192.0.2.1", minute: 1);
        var servers = new DnsNameServers([new IPEndPoint(IPAddress.Loopback, 5353)], _file, _time);
        Assert.True(servers.AreConfigured);
        Assert.Equal("127.0.0.1:5353", Assert.Single(servers.Current).ToString());
    }

    public void Dispose() => File.Delete(_file);

    private void Write(string text, int minute)
    {
        File.WriteAllText(_file, text);
        File.SetLastWriteTimeUtc(_file, DateTime.UnixEpoch.AddMinutes(minute));
    }
}
