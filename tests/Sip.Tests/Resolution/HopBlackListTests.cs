using System.Net;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Resolution;

public class HopBlackListTests
{
    private static readonly SipHop Hop = Udp(1);
    private readonly FakeTime _time = new();
    private readonly HopBlackList _list;

    public HopBlackListTests() => _list = new HopBlackList(_time);

    [Fact]
    public void Add_FurtherFailures_ListLongerEachTimeUpToFiveMinutes()
    {
        foreach (int seconds in new[] { 30, 60, 120, 240, 300, 300 })
        {
            _list.Add(Hop);
            Assert.Equal(seconds, ListedFor());
        }
    }

    [Fact]
    public void Add_LongAfterTheLastTime_BeginsAnew()
    {
        _list.Add(Hop);
        _list.Add(Hop);
        _time.Advance(TimeSpan.FromMinutes(6.1));
        _list.Add(Hop);
        Assert.Equal(30, ListedFor());
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(0, 0)]
    [InlineData(86_400, 3600)]
    public void Add_RetryAfter_ListsForAsLong(int retryAfter, int seconds)
    {
        _list.Add(Hop, TimeSpan.FromSeconds(retryAfter));
        Assert.Equal(seconds, ListedFor());
    }

    [Fact]
    public void Remove_HopThatAnswered_IsForgotten()
    {
        _list.Add(Hop);
        _list.Add(Hop);
        _list.Remove(Hop);
        Assert.False(_list.IsListed(Hop));
        _list.Add(Hop);
        Assert.Equal(30, ListedFor());
    }

    [Fact]
    public void IsListed_OtherPortOrTransport_IsAnother()
    {
        _list.Add(Hop);
        Assert.False(_list.IsListed(Hop with { Kind = SipTransportKind.Tcp }));
        Assert.False(_list.IsListed(Hop with { EndPoint = new IPEndPoint(Hop.EndPoint.Address, 5070) }));
    }

    [Fact]
    public void IsListed_OtherName_CountsForTlsOnly()
    {
        // A certificate that does not name one domain says nothing of the other; a silent server is silent for both.
        _list.Add(Hop with { HostName = "a.example.com" });
        Assert.True(_list.IsListed(Hop with { HostName = "b.example.com" }));
        var tls = Hop with { Kind = SipTransportKind.Tls };
        _list.Add(tls with { HostName = "a.example.com" });
        Assert.True(_list.IsListed(tls with { HostName = "a.example.com" }));
        Assert.False(_list.IsListed(tls with { HostName = "b.example.com" }));
    }

    [Fact]
    public void Add_MoreThanFit_KeepsThoseListedLongest()
    {
        _list.Add(Hop, TimeSpan.FromHours(1));
        for (int i = 0; i < 5000; i++)
            _list.Add(Udp(100 + i), TimeSpan.FromSeconds(60 + (i / 2)));
        Assert.Equal(1024, _list.Snapshot().Count);
        Assert.True(_list.IsListed(Hop));
        Assert.True(_list.IsListed(Udp(100 + 4999)));
    }

    [Fact]
    public void Snapshot_ShowsWhatIsListedNow()
    {
        Assert.Empty(_list.Snapshot());
        _list.Add(Hop);
        _list.Add(Hop);
        _list.Add(Udp(2), TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([new SipListedHop(SipTransportKind.Udp, Hop.EndPoint, null, TimeSpan.FromSeconds(50), 2)], _list.Snapshot());
    }

    private static SipHop Udp(int number) => new(SipTransportKind.Udp, new IPEndPoint(new IPAddress([192, 0, (byte)(number >> 8), (byte)number]), 5060));

    /// <summary>Whole seconds until the hop is off the list; time goes on to there.</summary>
    private int ListedFor()
    {
        int seconds = 0;
        for (; _list.IsListed(Hop); seconds++)
            _time.Advance(TimeSpan.FromSeconds(1));
        return seconds;
    }
}
