using System.Text;

namespace VoiceGateway.Sip.Tests;

public sealed class SipStreamFramerTests
{
    private const string Head = "OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:h>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(5000)]
    public void Framer_PipelinedMessages_ComeOutWholeWhateverTheFragments(int fragment)
    {
        var first = Head + "l : 5\r\n\r\nab\r\n\r";
        var second = Head + "Content-Length:\r\n 0\r\n\r\n";
        var third = Head.ReplaceLineEndings("\n") + "content-length: 2\n\nxy";
        var stream = $"{first}{second}\r\n\r\n{third}\r\n{first}";

        var (frames, framer) = Run(Encoding.UTF8.GetBytes(stream), fragment);

        Assert.Equal([first, second, "ping", third, first], frames);
        Assert.False(framer.HasPartialMessage);
    }

    [Fact]
    public void Framer_DoubleCrlf_IsPingAndSingleIsNot()
    {
        Assert.Equal(["ping"], Run("\r\n\r\n"u8.ToArray(), 1).Frames);
        Assert.Empty(Run("\r\n"u8.ToArray(), 1).Frames);
        Assert.Equal(["ping", "ping"], Run("\r\n\r\n\r\n\r\n"u8.ToArray(), 3).Frames);
    }

    [Theory]
    [InlineData("", 400, "Missing Content-Length")]
    [InlineData("Content-Length: -1\r\n", 400, "Malformed Content-Length")]
    [InlineData("Content-Length: 1 0\r\n", 400, "Malformed Content-Length")]
    [InlineData("Content-Length:\r\n", 400, "Malformed Content-Length")]
    [InlineData("Content-Length: 99999999999999999999\r\n", 400, "Malformed Content-Length")]
    [InlineData("Content-Length: 5\r\nl: 5\r\n", 400, "More than one Content-Length")]
    [InlineData("Content-Length: 65536\r\n", 413, "Body too large")]
    [InlineData("Content-Length: 4294967295\r\n", 413, "Body too large")]
    [InlineData("Subject: Content-Length: 5\r\n", 400, "Missing Content-Length")]
    [InlineData("Subject: x\r\n Content-Length: 5\r\n", 400, "Missing Content-Length")]
    public void Framer_LengthUnknown_IsAnErrorThatCanBeAnswered(string line, int status, string reason)
    {
        var (frames, framer) = Run(Encoding.UTF8.GetBytes(Head + line + "\r\nbody" + Head), 10);

        Assert.Equal(["error"], frames);
        Assert.Equal((status, reason, status), (framer.Error.StatusCode, framer.Error.Reason, framer.Error.Answer!.StatusCode));
        Assert.Equal("c", framer.Error.Answer.CallId);
        ReadOnlySpan<byte> more = "x"u8;
        Assert.Equal(SipFrame.Error, framer.Read(ref more, out _));
    }

    [Fact]
    public void Framer_HeadersWithoutEnd_AreCutOffAtTheCap()
    {
        var (frames, framer) = Run(Encoding.UTF8.GetBytes(Head + string.Concat(Enumerable.Repeat("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n", 3000))), 1000);

        Assert.Equal(["error"], frames);
        Assert.Equal(513, framer.Error.StatusCode);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001")]
    public void Framer_NoSip_IsNotAnswered(string start)
    {
        var (frames, framer) = Run(Encoding.Latin1.GetBytes(start + new string('x', 70_000)), 1000);

        Assert.Equal(["error"], frames);
        Assert.False(framer.Error.IsAnswerable);
    }

    [Fact]
    public void Framer_MessageOfExactlyTheCap_Passes()
    {
        var head = Head + "Content-Length: ";
        var body = 65_536 - head.Length - 5 - 4;
        var whole = head + body + "\r\n\r\n" + new string('x', body);
        Assert.Equal(65_536, whole.Length);

        Assert.Equal([whole, whole], Run(Encoding.UTF8.GetBytes(whole + whole), 1400).Frames);
    }

    [Fact]
    public void Framer_EndlessInput_HoldsNoMoreThanTheCap()
    {
        var framer = new SipStreamFramer();
        var chunk = Encoding.UTF8.GetBytes(Head + "Content-Length: 60000\r\n\r\n" + new string('x', 60_000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++)
        {
            ReadOnlySpan<byte> input = chunk;
            while (framer.Read(ref input, out _) == SipFrame.Message)
            {
            }
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 300_000);
    }

    [Fact]
    public void Framer_TortureMessages_ReachTheParserAsTheyWere()
    {
        // Those that a stream can carry: with a length that holds and a header section that ends.
        var messages = TortureCorpus.All()
            .Where(bytes => TortureCorpus.Parse(bytes, out var message, out _) == SipParseResult.Message && message!.Headers.Contains("Content-Length"))
            .Select(bytes => { TortureCorpus.Parse(bytes, out var message, out _); return message!.ToBytes(); })
            .ToList();
        Assert.InRange(messages.Count, 35, 50);

        var (frames, _) = Run([.. messages.SelectMany(bytes => bytes)], 11);

        Assert.Equal(messages.Select(bytes => Encoding.UTF8.GetString(bytes)), frames);
    }

    private static (List<string> Frames, SipStreamFramer Framer) Run(byte[] stream, int fragment)
    {
        var framer = new SipStreamFramer();
        List<string> frames = [];
        foreach (var piece in stream.Chunk(fragment))
        {
            ReadOnlySpan<byte> input = piece;
            while (framer.Read(ref input, out var message) is not SipFrame.NeedMore and var frame)
            {
                frames.Add(frame switch
                {
                    SipFrame.Message => Encoding.UTF8.GetString(message),
                    SipFrame.Ping => "ping",
                    _ => "error",
                });
                if (frame == SipFrame.Error)
                    return (frames, framer);
            }
        }

        return (frames, framer);
    }
}
