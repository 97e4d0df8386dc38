using System.Globalization;
using System.Net;
using System.Text;
using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Sip;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>While sipp speaks, somebody else sends far too much: the model hears sipp as clean as ever, and afterwards the gateway answers as ever.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class SippOverloadTests(ITestOutputHelper log)
{
    private const string Unusable = "Content-Type: application/sdp\r\nContent-Length: 101\r\n\r\nv=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/SAVP 0\r\na=sendrecv\r\n";

    private static readonly IPAddress Trunk = IPAddress.Loopback;
    private static readonly IPAddress Stranger = IPAddress.Parse("127.0.0.9");

    [SkippableTheory]
    [InlineData("INVITEs of a trunk", SipCounter.RateLimited)]
    [InlineData("INVITEs of a stranger", SipCounter.StrangersIgnored)]
    [InlineData("OPTIONS of a trunk", SipCounter.RequestsReceived)]
    [InlineData("junk", SipCounter.MalformedDropped)]
    [InlineData("junk of a stranger", null)]
    [InlineData("fragments over TCP", SipCounter.ConnectionsAccepted)]
    [InlineData("requests over TCP whose answers nobody reads", SipCounter.RequestsReceived)]
    [InlineData("slow senders over TCP", SipCounter.ConnectionsAccepted)]
    public async Task Flood_WhileSippSpeaks_LeavesTheCallAlone(string kind, SipCounter? sign)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync(
            "say", ("Sip:Trunks:loopback:Addresses:0", "127.0.0.1"), ("Sip:Trunks:loopback:Addresses:1", "::1"), ("Calls:MaxConcurrent", "1"), ("Sip:Limits:TrunkInvitesPerSecond", "100"));
        var line = SpokenLine.Caller(2);
        await Hearing.AssertCleanAsync(log, rig, line, G711Codec.MuLaw, async () =>
        {
            await using var sipp = Sipp.Start("speak", rig.SipPort, SippOptions.Saying(line));
            await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.All.Any(static c => c.AnsweredAt is not null), "the call is up", seconds: 20);
            await using var flood = Start(kind, rig);
            await sipp.SucceedAsync();
            log.WriteLine($"{kind}: {flood.PerSecond:N0} a second");
        });
        if (sign is { } counter) Assert.InRange(rig.Gateway.Sip.Counters[counter], 20, long.MaxValue);
        await Sipp.RunAsync("options", rig);
        await Sipp.RunAsync("options", rig, new SippOptions { Tcp = true });
        Assert.Equal(0, rig.Gateway.Sip.Counters[SipCounter.Faults]);
    }

    private static Flood Start(string kind, GatewayRig rig)
    {
        var (udp, tcp) = (rig.Gateway.Sip.BoundEndPoints[0].EndPoint, rig.Gateway.Sip.BoundEndPoints[1].EndPoint);
        return kind switch
        {
            "INVITEs of a trunk" => Flood.OfDatagrams(udp, Trunk, 5_000, static n => Request("INVITE", n)),
            "INVITEs of a stranger" => Flood.OfDatagrams(udp, Stranger, 20_000, static n => Request("INVITE", n)),
            "OPTIONS of a trunk" => Flood.OfDatagrams(udp, Trunk, 5_000, static n => Request("OPTIONS", n)),
            "junk" => Flood.OfDatagrams(udp, Trunk, 200_000, Junk(), threads: 2),
            "junk of a stranger" => Flood.OfDatagrams(udp, Stranger, 200_000, Junk(), threads: 2),
            "fragments over TCP" => Flood.OfPieces(tcp, 50, Request("OPTIONS", 0), 7, TimeSpan.FromMilliseconds(5)),
            "requests over TCP whose answers nobody reads" => Flood.OfPieces(tcp, 20, Several("OPTIONS"), 4000, TimeSpan.FromMilliseconds(2)),
            "slow senders over TCP" => Flood.OfPieces(tcp, 200, Endless(), 1, TimeSpan.FromMilliseconds(100)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    // There is no room for another call; where there is, none comes of an offer that nobody can answer.
    private static byte[] Request(string method, long number) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"{method} sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKflood{number};rport\r\nMax-Forwards: 70\r\nFrom: <sip:x@127.0.0.1>;tag={number}\r\nTo: <sip:100@127.0.0.1>\r\nCall-ID: flood{number}\r\nCSeq: 1 {method}\r\nContact: <sip:x@127.0.0.1:9>\r\n{(method == "INVITE" ? Unusable : "Content-Length: 0\r\n\r\n")}"));

    private static byte[] Several(string method) => [.. Enumerable.Range(0, 10).SelectMany(n => Request(method, n))];

    // A message whose headers never end.
    private static byte[] Endless() => Encoding.ASCII.GetBytes($"OPTIONS sip:100@127.0.0.1 SIP/2.0\r\nX-Long: {new string('x', 10_000)}");

    private static Func<long, byte[]> Junk()
    {
        var random = new Random(4711);
        var junk = Enumerable.Range(0, 64).Select(i =>
        {
            var datagram = new byte[random.Next(1, 1200)];
            random.NextBytes(datagram);
            // Some of it looks like SIP for a while.
            if (i % 4 == 0) "INVITE sip:100@127.0.0.1 SIP/2.0\r\nVia: "u8.CopyTo(datagram = [.. new byte[40], .. datagram]);
            return datagram;
        }).ToArray();
        return n => junk[n % junk.Length];
    }
}
