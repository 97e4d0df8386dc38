using System.Net;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;
using VoiceGateway.Tests.Tools;

namespace VoiceGateway.Tests.Signalling;

public sealed class TrunkTableTests
{
    [Theory]
    [InlineData("203.0.113.7", "one")]
    [InlineData("203.0.113.8", "net")]
    [InlineData("203.0.114.1", null)]
    [InlineData("2001:db8:0:1::5", "six")]
    [InlineData("::ffff:203.0.113.8", "net")]
    public void At_OverlappingNetworks_NarrowestWins(string source, string? expected)
    {
        var table = new TrunkTable([Named("net", "203.0.113.0/24"), Named("one", "203.0.113.7"), Named("six", "2001:db8::/48")]);
        Assert.Equal(expected, table.At(IPAddress.Parse(source))?.Name);
    }

    [Fact]
    public void At_EveryMessage_AllocatesNothing()
    {
        var table = new TrunkTable([Named("net", "203.0.113.0/24"), Named("six", "2001:db8::/48")]);
        var sources = new[] { IPAddress.Parse("198.51.100.1"), IPAddress.Parse("2001:db8::1"), IPAddress.Parse("::ffff:203.0.113.8") };
        table.At(sources[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) table.At(sources[i % 3]);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("203.0.113.0/25", "203.0.113.127", true)]
    [InlineData("203.0.113.0/25", "203.0.113.128", false)]
    [InlineData("203.0.113.128/25", "203.0.113.200", true)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    public void At_PrefixWithinAByte_ComparesBits(string network, string source, bool isNamed) =>
        Assert.Equal(isNamed, new TrunkTable([Named("net", network)]).At(IPAddress.Parse(source).GetAddressBytes()) is not null);

    [Fact]
    public void At_AfterRegistration_RegistrarIsTheTrunk()
    {
        var time = new ManualTimers();
        var pbx = new Trunk("pbx", new TrunkOptions { Server = "sip:pbx.example.com" }, null, null, time);
        var table = new TrunkTable([pbx]);
        var registrar = IPAddress.Parse("192.0.2.10");
        Assert.Null(table.At(registrar));
        pbx.RegisteredAt(registrar, time.GetUtcNow() + TimeSpan.FromSeconds(60));
        Assert.Same(pbx, table.At(registrar));
    }

    // Addresses are given to somebody else: whose binding has ended is a stranger again.
    [Fact]
    public void At_AfterTheBinding_RegistrarIsAStranger()
    {
        var time = new ManualTimers();
        var pbx = new Trunk("pbx", new TrunkOptions { Server = "sip:pbx.example.com" }, null, null, time);
        var table = new TrunkTable([pbx]);
        var (before, after) = (IPAddress.Parse("192.0.2.10"), IPAddress.Parse("192.0.2.11"));
        pbx.RegisteredAt(before, time.GetUtcNow() + TimeSpan.FromSeconds(60));
        time.Advance(TimeSpan.FromSeconds(50));
        pbx.RegisteredAt(after, time.GetUtcNow() + TimeSpan.FromSeconds(60));
        Assert.Equal((pbx, pbx), (table.At(before), table.At(after)));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal((null, pbx), (table.At(before), table.At(after)));
        pbx.RegisteredAt(after, time.GetUtcNow() + TimeSpan.FromSeconds(60));
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.Same(pbx, table.At(after));
    }

    [Fact]
    public void Of_PasswordTrunkWithAddresses_OnlyFromThere()
    {
        var trunk = new Trunk("both", new TrunkOptions { Addresses = ["192.0.2.0/24"], CallerUser = "alice" }, new SipCredentials("alice", "secret"), null);
        var table = new TrunkTable([trunk]);
        Assert.Same(trunk, table.Of("alice", IPAddress.Parse("192.0.2.9")));
        Assert.Null(table.Of("alice", IPAddress.Parse("198.51.100.9")));
        Assert.False(table.HasOpenTrunks);
    }

    [Fact]
    public void TryTake_BeyondMaxCalls_IsRefusedUntilOneEnds()
    {
        var trunk = new Trunk("small", new TrunkOptions { MaxCalls = 1 }, null, null);
        Assert.True(trunk.TryTake());
        Assert.False(trunk.TryTake());
        trunk.Release();
        Assert.True(trunk.TryTake());
        Assert.Equal(1, trunk.Calls);
    }

    [Fact]
    public void TakeOverUntil_AtTheMaximum_CountsUntilTheOtherHasGone()
    {
        var trunk = new Trunk("small", new TrunkOptions { MaxCalls = 1 }, null, null);
        var (replaced, next) = (new TaskCompletionSource(), new TaskCompletionSource());
        Assert.True(trunk.TryTakeUntil(replaced.Task));
        trunk.TakeOverUntil(next.Task);
        replaced.SetResult();
        SpinWait.SpinUntil(() => trunk.Calls == 1, TimeSpan.FromSeconds(10));
        Assert.False(trunk.TryTake());
        next.SetResult();
        SpinWait.SpinUntil(() => trunk.Calls == 0, TimeSpan.FromSeconds(10));
        Assert.Equal(0, trunk.Calls);
    }

    private static Trunk Named(string name, string network) => new(name, new TrunkOptions { Addresses = [network] }, null, null);
}
