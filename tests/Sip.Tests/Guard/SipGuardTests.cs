using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using VoiceGateway.Sip.Tests.Dialogs;

namespace VoiceGateway.Sip.Tests.Guard;

/// <summary>Limits that hold before a message is read, and what they leave alone: running calls.</summary>
public class SipGuardTests
{
    private static readonly SipRate Plenty = new(100_000, 100_000);

    private readonly List<SipOffence> _offences = [];

    [Fact]
    public async Task Invites_BeyondTheBurst_Are503UntilTimeHasPassed()
    {
        await using var fixture = Fixture(invites: new(10, 3));
        Invite(fixture, 5);
        Assert.Equal("100 100 100 503 503", fixture.Heard());
        Assert.Equal(3, fixture.Handler.Calls.Count);
        Assert.Equal(2, fixture.Endpoint.Counters[SipCounter.RateLimited]);
        Assert.Equal(2, fixture.Endpoint.Counters[SipCounter.OverloadRejected]);
        Assert.Equal(3, fixture.Endpoint.ActiveTransactions);
        fixture.Time.Advance(100);
        Invite(fixture, 2, "later");
        Assert.Equal("100 503", fixture.Heard());
        fixture.Time.Advance(10_000);
        fixture.Received();
        Invite(fixture, 4, "rested");
        Assert.Equal("100 100 100 503", fixture.Heard()); // no more than the burst, however long the rest
    }

    [Fact]
    public async Task Refusal_HasRetryAfterAndItsAckIsAbsorbed()
    {
        await using var fixture = Fixture(invites: new(1, 1));
        Invite(fixture, 2);
        var refusal = Assert.IsType<SipResponse>(fixture.Received()[^1]);
        Assert.Equal(503, refusal.StatusCode);
        Assert.Equal("5", refusal.Headers.Get("Retry-After"));
        Assert.Equal("test", refusal.Headers.Get("Server"));
        fixture.Send(StackFixture.Request("ACK", toTag: refusal.To.Tag!, callId: "c2"));
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.StatelessRefusalsAcknowledged]);
        Assert.Equal(0, fixture.Endpoint.Counters[SipCounter.AcksUnmatched]);
        var offence = Assert.Single(_offences);
        Assert.Equal((SipOffenceKind.RateLimited, true), (offence.Kind, offence.IsKnown));
    }

    [Fact]
    public async Task Refusal_WithoutRport_GoesToTheSentByPort()
    {
        await using var fixture = Fixture(invites: new(1, 1));
        var natted = fixture.Transport.FlowFrom(new(IPAddress.Parse("192.0.2.9"), 40_000));
        for (int i = 0; i < 2; i++)
            fixture.Send(StackFixture.Request("INVITE", callId: $"c{i}", body: StackFixture.Sdp()).Replace(";rport", "", StringComparison.Ordinal), natted);
        Assert.Empty(natted.Sent);
        Assert.Equal("100 503", fixture.Heard(fixture.Transport.FlowFrom(new(IPAddress.Parse("192.0.2.9"), 5060))));
    }

    [Fact]
    public async Task Flood_OfInvites_LeavesRunningCallsOfTheSameSourceAlone()
    {
        await using var fixture = Fixture(invites: new(1, 2), messages: new(10, 4));
        var call = fixture.Establish();
        fixture.Handler.Invited = null;
        fixture.Send(StackFixture.Request("INVITE", callId: "ringing", body: StackFixture.Sdp()));
        fixture.Received();
        Invite(fixture, 500, "flood");
        for (uint i = 0; i < 500; i++)
            fixture.Send(StackFixture.Request("OPTIONS", 100 + i, callId: "flood"));
        Assert.EndsWith("503 503 503", fixture.Heard(), StringComparison.Ordinal);

        fixture.Send(StackFixture.Request("INVITE", callId: "ringing", body: StackFixture.Sdp())); // a repeat
        Assert.Equal("100", fixture.Heard()); // of the transaction; no 503
        fixture.Send(StackFixture.Request("INVITE", 2, toTag: call.LocalTag, body: StackFixture.Sdp()));
        Assert.EndsWith("200", fixture.Heard(), StringComparison.Ordinal);
        fixture.Send(StackFixture.Request("ACK", 2, branch: "ack2", toTag: call.LocalTag));
        fixture.Send(StackFixture.Request("BYE", 3, toTag: call.LocalTag));
        Assert.Equal("200", fixture.Heard());
        Assert.Equal(SipCallState.Ended, call.State);
    }

    [Fact]
    public async Task Flood_ThatPretendsToBeRunning_DoesNotStarveTheCalls()
    {
        await using var fixture = Fixture(messages: new(10, 4));
        var call = fixture.Establish();
        for (uint i = 2; i < 500; i++)
            fixture.Send(StackFixture.Request("BYE", i, toTag: $"guess{i}", callId: "flood"));
        fixture.Received();
        fixture.Send(StackFixture.Request("BYE", 3, toTag: call.LocalTag));
        Assert.Equal("200", fixture.Heard());
        Assert.Equal(0, fixture.Endpoint.Counters[SipCounter.OverloadRejected]); // within a dialog a repeat does better than 503
    }

    [Fact]
    public async Task Flood_OfRepeats_DoesNotStarveTheCalls()
    {
        await using var fixture = Fixture(messages: new(10, 4));
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("OPTIONS", callId: "flood"));
        Assert.Equal("200", fixture.Heard());
        for (int i = 0; i < 500; i++)
            fixture.Send(StackFixture.Request("OPTIONS", callId: "flood"));
        Assert.InRange(fixture.Received().Count, 1, 10); // as many as would be honest
        fixture.Send(StackFixture.Request("BYE", 3, toTag: call.LocalTag));
        Assert.Equal("200", fixture.Heard());
    }

    [Fact]
    public async Task Flood_OfInvites_LeavesOurOwnCallsToTheSourceAlone()
    {
        await using var fixture = Fixture(messages: new(1, 1));
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var invite = fixture.SingleRequest("INVITE");
        Invite(fixture, 100);
        fixture.Received();
        fixture.Send(StackFixture.Response(invite, 180));
        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp()));
        Assert.NotNull((await calling).Call);
        Assert.Equal("ACK", fixture.Heard());
        fixture.Send(StackFixture.WithinOutgoing("BYE", invite, 1));
        Assert.Equal("200", fixture.Heard());
    }

    [Fact]
    public async Task Response_ThatNobodyAsked_IsNotEvenRead()
    {
        await using var fixture = Fixture();
        fixture.Send("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKguess\r\nand the rest could not be read\r\n\r\n");
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.ResponsesUnmatched]);
        Assert.Equal(0, fixture.Endpoint.Counters[SipCounter.MalformedDropped]);
    }

    [Fact]
    public async Task Limits_AreOfEachSource()
    {
        await using var fixture = Fixture(invites: new(1, 1));
        var other = fixture.Transport.FlowFrom(new(IPAddress.Parse("192.0.2.3"), 5060));
        Invite(fixture, 2);
        fixture.Send(StackFixture.Request("INVITE", callId: "other", body: StackFixture.Sdp()), other);
        Assert.Equal("100 503", fixture.Heard());
        Assert.Equal("100", fixture.Heard(other));
    }

    [Fact]
    public async Task Invites_OfAllSources_AreLimitedTogether()
    {
        await using var fixture = Fixture(configure: guard => guard with { Invites = new(1, 5) });
        for (int i = 0; i < 10; i++)
            fixture.Send(StackFixture.Request("INVITE", callId: $"c{i}", body: StackFixture.Sdp()), fixture.Transport.FlowFrom(new(new IPAddress([192, 0, 2, (byte)(10 + i)]), 5060)));
        Assert.Equal(5, fixture.Handler.Calls.Count);
    }

    [Fact]
    public async Task Refusals_AreLimitedTogether()
    {
        await using var fixture = Fixture(invites: new(1, 1), configure: guard => guard with { Refusals = new(1, 3) });
        Invite(fixture, 10);
        Assert.Equal("100 503 503 503", fixture.Heard());
    }

    [Fact]
    public async Task Strangers_BeyondTheirLimits_HearNothing()
    {
        var gatekeeper = new Gatekeeper { Admits = _ => SipAdmission.Refuse(403) };
        await using var fixture = Fixture(gatekeeper: gatekeeper, configure: guard => guard with { Unknown = guard.Unknown with { Invites = new(1, 2) } });
        Invite(fixture, 10);
        Assert.Equal("403 403", fixture.Heard());
        Assert.Equal(2, gatekeeper.Asked.Count);
    }

    [Fact]
    public async Task Strangers_OfManyAddresses_AreLimitedTogetherAndPeersAreNot()
    {
        var gatekeeper = new Gatekeeper(StackFixture.Peer);
        await using var fixture = Fixture(gatekeeper: gatekeeper, configure: guard => guard with { UnknownMessages = new(10, 20), MaxSources = 64 });
        for (int i = 0; i < 5_000; i++)
            fixture.Send(StackFixture.Request("INVITE", callId: $"s{i}", body: StackFixture.Sdp()), fixture.Transport.FlowFrom(new(0x0A000000 + i, 5060)));
        Assert.Equal(20, gatekeeper.Asked.Count);
        Invite(fixture, 3);
        Assert.Equal("100 100 100", fixture.Heard());
    }

    [Fact]
    public async Task Stranger_OnceAdmitted_HasTheLimitsOfAPeer()
    {
        await using var fixture = Fixture(gatekeeper: new Gatekeeper(), configure: guard => guard with { Unknown = guard.Unknown with { Invites = new(0.001, 2) } });
        Invite(fixture, 1);
        Invite(fixture, 10, "more");
        Assert.Equal(11, fixture.Handler.Calls.Count);
        foreach (var call in fixture.Handler.Calls)
            call.Reject(486);
        fixture.Time.Advance(TimeSpan.FromMinutes(61));
        fixture.Received();
        fixture.Send(StackFixture.Request("OPTIONS", 9));
        Assert.Empty(fixture.Received()); // an hour later it has to show its credentials again
    }

    [Fact]
    public async Task Calls_OfOneSource_AreCapped()
    {
        await using var fixture = Fixture(configure: guard => guard with { Known = guard.Known with { Calls = 2 } });
        Invite(fixture, 3);
        Assert.Equal("100 100 503", fixture.Heard());
        var other = fixture.Transport.FlowFrom(new(IPAddress.Parse("192.0.2.3"), 5060));
        fixture.Send(StackFixture.Request("INVITE", callId: "other", body: StackFixture.Sdp()), other);
        Assert.Equal("100", fixture.Heard(other));
        fixture.Handler.Calls[0].Reject(486);
        fixture.Received();
        Invite(fixture, 1, "next");
        Assert.Equal("100", fixture.Heard());
    }

    [Fact]
    public async Task Transactions_OfOneSource_AreCapped()
    {
        await using var fixture = Fixture(configure: guard => guard with { Known = guard.Known with { Transactions = 2 } });
        for (uint i = 1; i <= 3; i++)
            fixture.Send(StackFixture.Request("OPTIONS", i));
        Assert.Equal("200 200 503", fixture.Heard());
        var other = fixture.Transport.FlowFrom(new(IPAddress.Parse("192.0.2.3"), 5060));
        fixture.Send(StackFixture.Request("OPTIONS", callId: "other"), other);
        Assert.Equal("200", fixture.Heard(other));
        fixture.Time.Advance(32_000);
        fixture.Send(StackFixture.Request("OPTIONS", 4));
        Assert.Equal("200", fixture.Heard());
    }

    /// <summary>Calls that are running are one peer's business: their requests may fill its share, not the table of all.</summary>
    [Fact]
    public async Task Transactions_WithinTheCallsOfOneSource_AreCapped()
    {
        await using var fixture = Fixture(configure: guard => guard with { Known = guard.Known with { Transactions = 8 } }, maxTransactions: 100);
        var call = fixture.Establish();
        for (uint i = 2; i < 200; i++)
            fixture.Send(StackFixture.Request("OPTIONS", i, toTag: call.LocalTag));
        var heard = fixture.Heard();
        Assert.StartsWith("200 200 200 200 200 200 200 200 200", heard, StringComparison.Ordinal); // more than begins something new
        Assert.EndsWith("503", heard, StringComparison.Ordinal);
        Assert.InRange(fixture.Endpoint.ActiveTransactions, 8, 11);
        var other = fixture.Transport.FlowFrom(new(IPAddress.Parse("192.0.2.3"), 5060));
        fixture.Send(StackFixture.Request("OPTIONS", callId: "other"), other);
        Assert.Equal("200", fixture.Heard(other));
    }

    /// <summary>Whom we call may speak from a host that no gatekeeper has heard of.</summary>
    [Fact]
    public async Task Transactions_WithinACallToAStranger_AreThoseOfAPeer()
    {
        await using var fixture = Fixture(gatekeeper: new Gatekeeper(), configure: guard => guard with { Unknown = guard.Unknown with { Transactions = 1 } });
        var (call, invite) = await fixture.EstablishOutgoingAsync();
        for (uint i = 1; i <= 5; i++)
            fixture.Send(StackFixture.WithinOutgoing("OPTIONS", invite, i));
        fixture.Send(StackFixture.WithinOutgoing("BYE", invite, 6));
        Assert.Equal("200 200 200 200 200 200", fixture.Heard());
        Assert.Equal(SipCallState.Ended, call.State);
    }

    [Fact]
    public void Transactions_OfOneSource_ByDefaultLeaveRoomForOthers()
    {
        int most = new SipGuardOptions().Known.Transactions;
        Assert.InRange(most + (most / 4), 1, new SipEndpointOptions().MaxTransactions * 9 / 10);
    }

    [Fact]
    public async Task Strangers_UseUpNoMoreThanHalfOfTheInvitesOfAll()
    {
        var gatekeeper = new Gatekeeper(StackFixture.Peer) { Admits = static _ => SipAdmission.Accept() };
        await using var fixture = Fixture(gatekeeper: gatekeeper, configure: static guard => guard with { Invites = new(10, 20) });
        for (int i = 0; i < 500; i++)
            fixture.Send(StackFixture.Request("INVITE", callId: $"s{i}", body: StackFixture.Sdp()), fixture.Transport.FlowFrom(new(0x0A000000 + i, 5060)));
        Assert.Equal(10, fixture.Handler.Calls.Count);
        Invite(fixture, 10);
        Assert.Equal("100 100 100 100 100 100 100 100 100 100", fixture.Heard());
    }

    [Fact]
    public async Task Table_Full_StillTakesWhatEndsACall()
    {
        await using var fixture = new StackFixture(configure: options => options with { MaxTransactions = 3 });
        var call = fixture.Establish();
        for (uint i = 10; i < 20; i++)
            fixture.Send(StackFixture.Request("OPTIONS", i));
        Assert.Contains("503", fixture.Heard(), StringComparison.Ordinal);
        fixture.Send(StackFixture.Request("BYE", 2, toTag: call.LocalTag));
        Assert.Equal("200", fixture.Heard());
    }

    [Fact]
    public async Task Merged_AfterARefusal_IsAnotherTry()
    {
        await using var fixture = Fixture();
        fixture.Handler.Invited = call => call.Reject(486);
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        fixture.Send(StackFixture.Request("INVITE", branch: "secondway", body: StackFixture.Sdp()));
        Assert.Equal("100 486 100 486", fixture.Heard());
    }

    [Fact]
    public async Task Guard_SwitchedOff_LimitsNothing()
    {
        await using var fixture = new StackFixture(configure: options => options with { Guard = null });
        var invite = Encoding.UTF8.GetBytes(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        for (int i = 0; i < 50_000; i++)
            Assert.True(fixture.Stack.Guard.Passes(invite, fixture.From));
    }

    [Fact]
    public async Task Guard_ByDefault_IsNoticedByNoHonestTrunk()
    {
        await using var fixture = new StackFixture();
        var invite = Encoding.UTF8.GetBytes(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        var bye = Encoding.UTF8.GetBytes(StackFixture.Request("BYE", toTag: "some"));
        for (int tenth = 0; tenth < 300; tenth++)
        {
            for (int i = 0; i < 90; i++)
                Assert.True(fixture.Stack.Guard.Passes(invite, fixture.From) && fixture.Stack.Guard.Passes(bye, fixture.From));
            fixture.Time.Advance(100);
        }

        for (int i = 0; i < 3_000; i++)
            Assert.True(fixture.Stack.Guard.Passes(invite, fixture.From)); // all at once, as when a dialler begins
    }

    /// <summary>Neither a refusal nor junk leaves anything to collect, whoever sends it.</summary>
    [Theory]
    [InlineData("503")]
    [InlineData("silence")]
    [InlineData("junk")]
    [InlineData("response")]
    public async Task Flood_AllocatesNothing(string flood)
    {
        await using var fixture = Fixture(invites: new(0.001, 1), gatekeeper: flood == "silence" ? new Gatekeeper { Admits = static _ => SipAdmission.Refuse(403) } : null,
            configure: static guard => guard with { Refusals = Plenty, Unknown = guard.Unknown with { Invites = new(0.001, 1) } }, report: false);
        Invite(fixture, 1, "first");
        var message = Encoding.UTF8.GetBytes(flood switch
        {
            "junk" => new string('x', 400) + "\r\n",
            "response" => "SIP/2.0 200 OK\r\n" + StackFixture.Request("INVITE").Split("\r\n", 2)[1],
            _ => StackFixture.Request("INVITE", body: StackFixture.Sdp(), callId: "flood"),
        });
        var sink = new CountingFlow(fixture.From);
        bool hasPassed = false;
        long least = long.MaxValue;
        for (int round = 0; round < 20; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 500; i++)
                hasPassed |= fixture.Stack.Guard.Passes(message, sink);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before); // the first rounds still belong to the compiler
        }

        Assert.Equal(0, least);
        Assert.False(hasPassed);
        Assert.Equal(flood == "503" ? 10_000 : 0, sink.Messages);
    }

    /// <summary>Each datagram from an address that nobody has seen before: not even that is kept.</summary>
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public async Task Flood_OfInventedAddresses_AllocatesNothing(AddressFamily family)
    {
        if (family == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
            return;
        await using var fixture = Fixture(gatekeeper: new Gatekeeper(StackFixture.Peer), configure: static guard => guard with { UnknownMessages = new(0.001, 1), MaxSources = 256 }, report: false);
        var any = family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        await using var transport = new UdpTransport(new SipListen(SipTransportKind.Udp, new IPEndPoint(any, 0)), new RouteSource(TimeProvider.System), TimeProvider.System);
        var sender = new IPEndPoint(any, 5060).Serialize();
        var aimed = UdpFlow.Aimed(transport, sender);
        var invite = Encoding.UTF8.GetBytes(StackFixture.Request("INVITE", callId: "flood", body: StackFixture.Sdp()));
        int passed = 0;
        long least = long.MaxValue;
        for (uint i = 0; i < 10_000;)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int j = 0; j < 500; j++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(sender.Buffer.Span[(family == AddressFamily.InterNetwork ? 4 : 8)..], 0x0A000000 + i++);
                aimed.Aim(0);
                passed += fixture.Stack.Guard.Passes(invite, aimed) ? 1 : 0;
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(1, passed);
        if (family == AddressFamily.InterNetwork)
        {
            new IPEndPoint(IPAddress.Parse(StackFixture.Peer), 5060).Serialize().Buffer.CopyTo(sender.Buffer);
            aimed.Aim(0);
            Assert.True(fixture.Stack.Guard.Passes(invite, aimed));
        }
    }

    private static void Invite(StackFixture fixture, int count, string name = "c")
    {
        for (int i = 1; i <= count; i++)
            fixture.Send(StackFixture.Request("INVITE", callId: $"{name}{i}", body: StackFixture.Sdp()));
    }

    private StackFixture Fixture(
        SipRate? invites = null, SipRate? messages = null, Gatekeeper? gatekeeper = null, Func<SipGuardOptions, SipGuardOptions>? configure = null, bool report = true,
        int maxTransactions = 100_000) =>
        new(configure: options =>
        {
            var guard = new SipGuardOptions { Invites = Plenty, UnknownMessages = Plenty, Known = new() { Invites = invites ?? Plenty, Messages = messages ?? Plenty } };
            return options with { Guard = configure?.Invoke(guard) ?? guard, Gatekeeper = gatekeeper, OnOffence = report ? _offences.Add : null, MaxTransactions = maxTransactions };
        });

    private sealed class CountingFlow(SipFlow like) : SipFlow
    {
        public int Messages { get; private set; }

        public override SipTransportKind Kind => like.Kind;

        public override IPEndPoint RemoteEndPoint => like.RemoteEndPoint;

        public override IPEndPoint LocalEndPoint => like.LocalEndPoint;

        public override bool IsOpen => true;

        public override bool Send(ReadOnlySpan<byte> message)
        {
            Messages++;
            return true;
        }
    }
}
