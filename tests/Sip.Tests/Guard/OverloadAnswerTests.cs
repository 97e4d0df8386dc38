using System.Net;
using System.Text;
using VoiceGateway.Sip.Tests.Dialogs;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Guard;

/// <summary>RFC 3261 section 8.2.6 from bytes to bytes; our own parser reads what comes out.</summary>
public class OverloadAnswerTests
{
    private static readonly IPEndPoint Source = new(IPAddress.Parse("198.51.100.7"), 40_000);
    private static readonly byte[] Tail = OverloadAnswer.CreateTail(TimeSpan.FromSeconds(5), "test");

    [Fact]
    public void Answer_HasWhatTheSectionWants()
    {
        var answer = Read(StackFixture.Request("INVITE", body: StackFixture.Sdp()), out int port)!;
        Assert.Equal(503, answer.StatusCode);
        Assert.Equal("5", answer.Headers.Get("Retry-After"));
        Assert.Equal("c1", answer.CallId);
        Assert.Equal("1 INVITE", answer.CSeq.ToString());
        Assert.Equal("peer", answer.From.Tag);
        Assert.StartsWith("s-", answer.To.Tag);
        Assert.Equal("z9hG4bKc1-1-INVITE", answer.TopVia.Branch);
        Assert.Equal("198.51.100.7", answer.TopVia.Received);
        Assert.Equal(40_000, answer.TopVia.Rport);
        Assert.Equal(40_000, port);
        Assert.Equal(Read(StackFixture.Request("INVITE"), out _)!.To.Tag, answer.To.Tag);
        Assert.NotEqual(Read(StackFixture.Request("INVITE", cseq: 2), out _)!.To.Tag, answer.To.Tag);
    }

    [Theory]
    [InlineData("Via: SIP/2.0/UDP h:5070;branch=z9hG4bKa", 5070, "SIP/2.0/UDP h:5070;branch=z9hG4bKa;received=198.51.100.7")]
    [InlineData("v:SIP/2.0/UDP h;branch=z9hG4bKa", 5060, "SIP/2.0/UDP h;branch=z9hG4bKa;received=198.51.100.7")]
    [InlineData("VIA : SIP/2.0/UDP h ; rport ; branch=z9hG4bKa ;received=1.1.1.1", 40_000, "SIP/2.0/UDP h;branch=z9hG4bKa;received=198.51.100.7;rport=40000")]
    [InlineData("Via: SIP/2.0/UDP\r\n [2001:db8::1]:5071\r\n ;branch=z9hG4bKa", 5071, "SIP/2.0/UDP [2001:db8::1]:5071;branch=z9hG4bKa;received=198.51.100.7")]
    [InlineData("Via: SIP/2.0/UDP [2001:db8::1];branch=z9hG4bKa", 5060, "SIP/2.0/UDP [2001:db8::1];branch=z9hG4bKa;received=198.51.100.7")]
    [InlineData("Via: SIP/2.0/UDP a;branch=z9hG4bKa;x=\"q,;\" , SIP/2.0/TCP b;branch=z9hG4bKb\r\nVia: SIP/2.0/UDP c;branch=z9hG4bKc", 5060,
        "SIP/2.0/UDP a;branch=z9hG4bKa;x=\"q,;\";received=198.51.100.7|SIP/2.0/TCP b;branch=z9hG4bKb|SIP/2.0/UDP c;branch=z9hG4bKc")]
    public void Vias_AreCopiedWithTheSource(string via, int port, string expected)
    {
        var answer = Read(WithVia(via), out int to)!;
        Assert.Equal(expected, string.Join('|', answer.Vias));
        Assert.Equal(port, to);
    }

    [Theory]
    [InlineData("To: <sip:b@h;tag=x>", true)]
    [InlineData("To: \"a;tag=1\" <sip:b@h>", true)]
    [InlineData("To: \"<;tag=1>\" <sip:b@h>;x=y", true)]
    [InlineData("t: sip:b@h", true)]
    [InlineData("To: <sip:b@h>;tag=1", false)]
    [InlineData("To: <sip:b@h> ; TAG = 1", false)]
    [InlineData("t: sip:b@h;tag=1", false)]
    [InlineData("To: \"x\" <sip:b@h>\r\n ;tag=1", false)]
    public void Requests_WithinADialog_AreLeftAlone(string to, bool isAnswered) =>
        Assert.Equal(isAnswered, Read(StackFixture.Request("INVITE").Replace("To: <sip:bob@192.0.2.1>", to, StringComparison.Ordinal), out _) is not null);

    [Theory]
    [InlineData("Via: SIP/2.0/UDP h")]
    [InlineData("Via: SIP/2.0/UDP h;maddr=192.0.2.99;branch=z9hG4bKa")]
    [InlineData("Via: SIP/2.0/UDP h:x;branch=z9hG4bKa")]
    [InlineData("X: y")]
    [InlineData("Via: SIP/2.0/UDP h;branch=z9hG4bKa\r\nCall-ID: second")]
    [InlineData("Via: SIP/2.0/UDP h;branch=z9hG4bKa\r\nf: <sip:second@h>")]
    public void Requests_ThatMakeNoSense_AreNotAnswered(string via) => Assert.Null(Read(WithVia(via), out _));

    [Fact]
    public void Answer_ThatDoesNotFit_IsNone()
    {
        var request = WithVia("Via: SIP/2.0/UDP h;branch=z9hG4bKa;x=" + new string('y', 3000));
        Assert.Null(Read(request, out _));
        var bytes = Encoding.UTF8.GetBytes(StackFixture.Request("INVITE"));
        var peek = MessagePeek.Read(bytes);
        int needed = OverloadAnswer.Write(peek.Headers, Source, Tail, new byte[2048], out _);
        for (int size = 0; size < needed; size++)
            Assert.Equal(0, OverloadAnswer.Write(peek.Headers, Source, Tail, new byte[size], out _));
        Assert.Equal(needed, OverloadAnswer.Write(peek.Headers, Source, Tail, new byte[needed], out _));
    }

    /// <summary>Whatever the torture messages are, nothing is thrown, and what is written can be read.</summary>
    [Fact]
    public void Answer_ToTortureAndGarbage_IsReadableOrNone()
    {
        var random = new Random(4711);
        var destination = new byte[2048];
        foreach (var message in TortureCorpus.All())
        {
            for (int round = 0; round < 50; round++)
            {
                byte[] bytes = [.. message];
                for (int i = 0; i < round; i++)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                var peek = MessagePeek.Read(bytes);
                RawHeaders.TopBranch(peek.Headers);
                RawHeaders.ToTag(peek.Headers);
                int length = OverloadAnswer.Write(peek.Headers, Source, Tail, destination, out _);
                Assert.True(length == 0 || destination.AsSpan(0, length).EndsWith("\r\n\r\n"u8));
            }
        }
    }

    /// <summary>What the parser takes for a message, the peek must not take for junk.</summary>
    [Fact]
    public void Peek_AgreesWithTheParser()
    {
        foreach (var message in TortureCorpus.All())
        {
            var result = SipParser.TryParse(message, SipLimits.Default, out var parsed, out _);
            var peek = MessagePeek.Read(message);
            if (result == SipParseResult.Message || result == SipParseResult.Rejected)
                Assert.NotEqual(MessageKind.Junk, peek.Kind);
            if (parsed is SipRequest { Method: SipMethods.Invite } invite)
            {
                Assert.Equal(MessageKind.Invite, peek.Kind);
                Assert.Equal(invite.TopVia.Branch ?? "", Encoding.UTF8.GetString(RawHeaders.TopBranch(peek.Headers)));
                Assert.Equal(invite.To.Tag ?? "", Encoding.UTF8.GetString(RawHeaders.ToTag(peek.Headers)));
            }
        }
    }

    private static string WithVia(string via)
    {
        var lines = StackFixture.Request("INVITE").Split("\r\n");
        lines[1] = via;
        return string.Join("\r\n", lines);
    }

    private static SipResponse? Read(string request, out int port)
    {
        var destination = new byte[2048];
        int length = OverloadAnswer.Write(MessagePeek.Read(Encoding.UTF8.GetBytes(request)).Headers, Source, Tail, destination, out port);
        return length == 0 ? null : (SipResponse)TransactionFixture.Parse(Encoding.UTF8.GetString(destination, 0, length));
    }
}
