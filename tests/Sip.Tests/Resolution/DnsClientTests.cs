using System.Net;
using System.Net.Sockets;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Resolution;

public class DnsClientTests
{
    private const string Name = "_sip._udp.example.com";

    [Fact]
    public async Task Ask_AnswerWithinItsTtl_IsAskedOnce()
    {
        await using var rig = new Rig();
        rig.Dns.Srv(Name, 1, 2, 5060, "a.example.com", ttl: 60).Srv(Name, 3, 4, 5061, "b.example.com", ttl: 30);
        Assert.Equal("1 2 5060 a.example.com, 3 4 5061 b.example.com", await rig.AskAsync());
        rig.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.True(rig.Client.AskAsync(Name, DnsType.Srv, CancellationToken.None).IsCompletedSuccessfully);
        Assert.Single(rig.Dns.TakeAsked());
        rig.Time.Advance(TimeSpan.FromSeconds(1)); // the lesser of the two TTLs
        rig.Dns.Clear().Srv(Name, 5, 6, 5062, "c.example.com");
        Assert.Equal("5 6 5062 c.example.com", await rig.AskAsync());
        Assert.Single(rig.Dns.TakeAsked());
    }

    [Theory]
    [InlineData(0u, 1)] // asked again at once would be asked for each call
    [InlineData(86_400u, 3600)] // nobody waits a day for a moved trunk
    [InlineData(0x8000_0001u, 1)] // RFC 2181 section 8: counts as 0
    public async Task Ask_StrangeTtl_IsClamped(uint ttl, int seconds)
    {
        await using var rig = new Rig();
        rig.Dns.Srv(Name, 1, 2, 5060, "a.example.com", ttl);
        await rig.AskAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        await rig.AskAsync();
        Assert.Single(rig.Dns.TakeAsked());
        rig.Time.Advance(1);
        await rig.AskAsync();
        Assert.Single(rig.Dns.TakeAsked());
    }

    [Theory]
    [InlineData(60u, 60)]
    [InlineData(86_400u, 900)] // SOA's own TTL is 3600
    [InlineData(null, 5)]
    public async Task Ask_NothingThere_IsRememberedAsTheZoneSays(uint? minimum, int seconds)
    {
        await using var rig = new Rig();
        rig.Dns.NegativeTtl = minimum;
        Assert.Equal("Nothing", await rig.AskAsync());
        rig.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("Nothing", await rig.AskAsync());
        Assert.Single(rig.Dns.TakeAsked());
        rig.Time.Advance(1);
        Assert.Equal("Nothing", await rig.AskAsync());
        Assert.Single(rig.Dns.TakeAsked());
    }

    [Fact]
    public async Task Ask_ManyAtOnce_IsAskedOnce()
    {
        await using var rig = new Rig();
        rig.Dns.Srv(Name, 1, 2, 5060, "a.example.com");
        rig.Dns.Lost = 1; // all of them wait for the repeat
        using var impatient = new CancellationTokenSource();
        var givingUp = rig.Client.AskAsync(Name, DnsType.Srv, impatient.Token).AsTask();
        var asking = Enumerable.Range(0, 50).Select(i => rig.Client.AskAsync(i % 2 == 0 ? Name : Name.ToUpperInvariant() + ".", DnsType.Srv, CancellationToken.None).AsTask()).ToArray();
        await rig.Dns.ArrivedAsync();
        await impatient.CancelAsync(); // who asked first gives up, the others do not
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givingUp);
        rig.Time.Advance(1500);
        foreach (var answer in await Task.WhenAll(asking).WaitAsync(FakeDnsServer.Patience))
            Assert.Equal(DnsOutcome.Found, answer.Outcome);
        Assert.Equal(2, rig.Dns.TakeAsked().Length);
    }

    [Fact]
    public async Task Ask_LostQuery_IsRepeated()
    {
        await using var rig = new Rig();
        rig.Dns.Srv(Name, 1, 2, 5060, "a.example.com").Lost = 1;
        var asking = rig.AskAsync();
        await rig.Dns.ArrivedAsync();
        rig.Time.Advance(1499);
        Assert.False(asking.IsCompleted);
        rig.Time.Advance(1);
        Assert.Equal("1 2 5060 a.example.com", await asking);
        Assert.Equal(2, rig.Counters[SipCounter.DnsQueriesSent]);
    }

    [Fact]
    public async Task Ask_SilentServer_AsksTheNextAndStaysWithIt()
    {
        await using var silent = FakeDnsServer.Start();
        silent.Lost = int.MaxValue;
        await using var rig = new Rig(silent);
        rig.Dns.Srv(Name, 1, 2, 5060, "a.example.com");
        var asking = rig.AskAsync();
        await silent.ArrivedAsync();
        rig.Time.Advance(1500);
        Assert.Equal("1 2 5060 a.example.com", await asking);
        Assert.Equal("Nothing", await rig.AskAsync("_sip._tcp.example.com")); // at once: the other answered last
        Assert.Single(silent.TakeAsked());
    }

    [Theory]
    [InlineData(2)] // SERVFAIL
    [InlineData(5)] // REFUSED
    [InlineData(4)] // NOTIMP, without EDNS too
    public async Task Ask_ServerThatCannotSay_AsksTheNextAtOnce(int code)
    {
        await using var unable = FakeDnsServer.Start();
        unable.Code = code;
        await using var rig = new Rig(unable);
        rig.Dns.Srv(Name, 1, 2, 5060, "a.example.com");
        Assert.Equal("1 2 5060 a.example.com", await rig.AskAsync());
    }

    [Fact]
    public async Task Ask_NobodyListens_FailsAtOnceAndIsHeldFor()
    {
        await using var rig = new Rig(useOwn: false, new IPEndPoint(IPAddress.Loopback, ClosedPort()));
        Assert.Equal("Failed", await rig.AskAsync());
        Assert.Equal(1, rig.Counters[SipCounter.DnsFailures]);
        long sent = rig.Counters[SipCounter.DnsQueriesSent];
        rig.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal("Failed", await rig.AskAsync());
        Assert.Equal(sent, rig.Counters[SipCounter.DnsQueriesSent]);
        rig.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("Failed", await rig.AskAsync());
        rig.Time.Advance(TimeSpan.FromSeconds(9.9)); // twice as long now
        sent = rig.Counters[SipCounter.DnsQueriesSent];
        Assert.Equal("Failed", await rig.AskAsync());
        Assert.Equal(sent, rig.Counters[SipCounter.DnsQueriesSent]);
    }

    [Fact]
    public async Task Ask_NobodyAnswersAnyMore_KeepsWhatWasFound()
    {
        await using var rig = new Rig();
        rig.Dns.Srv(Name, 1, 2, 5060, "a.example.com", ttl: 10);
        await rig.AskAsync();
        rig.Dns.Code = 2;
        rig.Time.Advance(TimeSpan.FromHours(23));
        Assert.Equal("1 2 5060 a.example.com", await rig.AskAsync());
        rig.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("Failed", await rig.AskAsync());
        rig.Dns.Code = null;
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("1 2 5060 a.example.com", await rig.AskAsync());
    }

    [Fact]
    public async Task Ask_NoServerWithinTheLimit_Fails()
    {
        await using var rig = new Rig(new SipResolutionOptions { ServerLimit = TimeSpan.FromSeconds(3), LookUpLimit = TimeSpan.FromSeconds(4) });
        rig.Dns.Lost = int.MaxValue;
        var asking = rig.AskAsync();
        await rig.Dns.ArrivedAsync();
        rig.Time.Advance(3000);
        await rig.Dns.ArrivedAsync();
        rig.Time.Advance(999);
        Assert.False(asking.IsCompleted);
        rig.Time.Advance(1);
        Assert.Equal("Failed", await asking);
    }

    [Fact]
    public async Task Ask_AnswerDoesNotFit_ComesOverTcp()
    {
        await using var rig = new Rig();
        for (int i = 0; i < 100; i++)
            rig.Dns.Srv(Name, i, 0, 5060, $"server-with-a-long-name-{i}.example.com");
        rig.Dns.IsTruncating = true;
        var answer = await rig.Client.AskAsync(Name, DnsType.Srv, CancellationToken.None);
        Assert.Equal(100, answer.Records.Count);
        Assert.Equal([$"SRV {Name}", $"SRV {Name}/tcp"], rig.Dns.TakeAsked());
    }

    [Fact]
    public async Task Ask_ServerWithoutEdns_IsAskedWithout()
    {
        await using var rig = new Rig();
        rig.Dns.Srv(Name, 1, 2, 5060, "a.example.com").IsEdnsUnknown = true;
        Assert.Equal("1 2 5060 a.example.com", await rig.AskAsync());
    }

    [Fact]
    public async Task Ask_ForgedAnswers_AreIgnored()
    {
        await using var rig = new Rig();
        rig.Dns.Srv(Name, 1, 2, 5060, "a.example.com").Manners = right =>
        {
            byte[] otherId = [.. right], otherName = [.. right], otherType = [.. right], query = [.. right];
            otherId[1] ^= 1;
            otherName[14] ^= 1;
            otherType[12 + DnsWire.Name(Name).Length + 1] = DnsWire.A;
            query[2] &= 0x7F;
            return [otherId, otherName, otherType, query, [], [1, 2, 3], right[..20], right];
        };
        Assert.Equal("1 2 5060 a.example.com", await rig.AskAsync());
        Assert.Equal(7, rig.Counters[SipCounter.DnsAnswersIgnored]);
    }

    [Fact]
    public async Task Ask_FloodOfForgedAnswers_GivesTheServerUp()
    {
        await using var rig = new Rig();
        rig.Dns.Manners = right =>
        {
            right[1] ^= 1;
            return Enumerable.Repeat(right, 100);
        };
        Assert.Equal("Failed", await rig.AskAsync());
    }

    [Fact]
    public async Task Ask_AnswerFromElsewhere_DoesNotArrive()
    {
        await using var rig = new Rig();
        using var elsewhere = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        elsewhere.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        rig.Dns.Srv(Name, 1, 2, 5060, "a.example.com").Lost = 1;
        IPEndPoint? asker = null;
        rig.Dns.From = from => asker = from;
        byte[]? right = null;
        rig.Dns.Manners = answer => [right = answer];
        var asking = rig.AskAsync();
        await rig.Dns.ArrivedAsync();
        // The forger even knows the port, and answers with what it wants.
        elsewhere.SendTo(DnsWire.Message(0, 0x8180, DnsWire.Question(Name, DnsWire.Srv), []), asker!);
        rig.Time.Advance(1500);
        Assert.Equal("1 2 5060 a.example.com", await asking);
        Assert.NotNull(right);
        Assert.Equal(0, rig.Counters[SipCounter.DnsAnswersIgnored]);
    }

    [Fact]
    public async Task Ask_IdsAndPorts_AreNotTheSame()
    {
        await using var rig = new Rig();
        HashSet<int> ids = [], ports = [];
        rig.Dns.From = from => ports.Add(from.Port);
        rig.Dns.Manners = right =>
        {
            ids.Add((right[0] << 8) | right[1]);
            return [right];
        };
        for (int i = 0; i < 32; i++)
            await rig.AskAsync($"h{i}.example.com");
        Assert.True(ids.Count > 24, $"{ids.Count} ids");
        Assert.True(ports.Count > 8, $"{ports.Count} ports");
    }

    [Fact]
    public async Task Ask_Aliases_AreFollowed()
    {
        await using var rig = new Rig();
        rig.Dns.Cname(Name, "x.example.com", ttl: 20).Cname("x.example.com", "y.example.com").Srv("y.example.com", 1, 2, 5060, "a.example.com");
        Assert.Equal("1 2 5060 a.example.com", await rig.AskAsync());
        Assert.Single(rig.Dns.TakeAsked());
        rig.Time.Advance(TimeSpan.FromSeconds(20)); // the alias goes first
        await rig.AskAsync();
        Assert.Single(rig.Dns.TakeAsked());
    }

    [Fact]
    public async Task Ask_AliasWithoutItsTarget_AsksForThat()
    {
        await using var rig = new Rig();
        rig.Dns.NegativeTtl = null;
        rig.Dns.Srv("y.example.com", 1, 2, 5060, "a.example.com");
        rig.Dns.Manners = right =>
        {
            var (name, type, question) = DnsWire.ReadQuestion(right);
            return name == Name
                ? [DnsWire.Message((right[0] << 8) | right[1], 0x8180, question, [DnsWire.Record([0xC0, 0x0C], DnsWire.Cname, 60, DnsWire.Name("y.example.com"))])]
                : [right];
        };
        Assert.Equal("1 2 5060 a.example.com", await rig.AskAsync());
        Assert.Equal(["SRV _sip._udp.example.com", "SRV y.example.com"], rig.Dns.TakeAsked());
    }

    [Fact]
    public async Task Ask_AliasesGoingRound_End()
    {
        await using var rig = new Rig();
        rig.Dns.NegativeTtl = null;
        rig.Dns.Cname(Name, "x.example.com").Cname("x.example.com", Name);
        Assert.Equal("Failed", await rig.AskAsync());
        Assert.True(rig.Dns.TakeAsked().Length <= 9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..example.com")]
    [InlineData("a label of sixty-four octets is one too many.example.com")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com")]
    public async Task Ask_NameThatCannotBe_Fails(string name)
    {
        await using var rig = new Rig();
        Assert.Equal("Failed", await rig.AskAsync(name));
        Assert.Empty(rig.Dns.TakeAsked());
    }

    [Fact]
    public async Task Ask_NoServers_IsNothing()
    {
        await using var rig = new Rig(new SipResolutionOptions { ResolvConf = "/nowhere/resolv.conf" }, useOwn: false);
        Assert.Equal("Nothing", await rig.AskAsync());
        Assert.False(rig.Client.HasServersOfItsOwn);
    }

    [Fact]
    public async Task Dispose_WhileAsking_LetsNobodyWait()
    {
        var rig = new Rig();
        rig.Dns.Lost = int.MaxValue;
        var asking = rig.AskAsync();
        await rig.Dns.ArrivedAsync();
        await rig.DisposeAsync();
        Assert.Equal("Failed", await asking);
    }

    private static int ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private sealed class Rig : IAsyncDisposable
    {
        public Rig(FakeDnsServer first)
            : this(new SipResolutionOptions(), useOwn: true, first.EndPoint)
        {
        }

        public Rig(bool useOwn, params IPEndPoint[] others)
            : this(new SipResolutionOptions(), useOwn, others)
        {
        }

        public Rig()
            : this(new SipResolutionOptions())
        {
        }

        public Rig(SipResolutionOptions options, bool useOwn = true, params IPEndPoint[] others) =>
            Client = new DnsClient(options with { NameServers = useOwn ? [.. others, Dns.EndPoint] : others }, Time, Counters);

        public FakeDnsServer Dns { get; } = FakeDnsServer.Start();

        public FakeTime Time { get; } = new();

        public SipCounters Counters { get; } = new();

        public DnsClient Client { get; }

        /// <summary>The records, or what became of the question.</summary>
        public async Task<string> AskAsync(string name = Name)
        {
            var answer = await Client.AskAsync(name, DnsType.Srv, CancellationToken.None).AsTask().WaitAsync(FakeDnsServer.Patience);
            return answer.Outcome == DnsOutcome.Found
                ? string.Join(", ", answer.Records.Cast<DnsServiceRecord>().Select(r => $"{r.Priority} {r.Weight} {r.Port} {r.Target}"))
                : answer.Outcome.ToString();
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Dns.DisposeAsync();
            Assert.Equal(0, Time.ActiveTimers);
        }
    }
}
