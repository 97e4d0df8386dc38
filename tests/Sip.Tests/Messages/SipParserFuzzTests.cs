using System.Text;

namespace VoiceGateway.Sip.Tests;

/// <summary>
/// Mutations of the torture messages. Whatever comes out must be usable without exceptions, within the caps, and if it was accepted,
/// what we write of it must be accepted again. A failure prints its seed.
/// </summary>
public sealed class SipParserFuzzTests
{
    private static readonly byte[][] Corpus = [.. TortureCorpus.All()];

    private static readonly byte[][] Snippets =
    [
        .. new[]
        {
            "\r\n", "\n", "\r", "\r\n\r\n", "\r\n ", "\t", " ", "\0", "\"", "\\", "<", ">", ",", ";", ":", "=", "@", "%", "%00", "%4", "[", "]", "::", ":::", "*",
            "Content-Length: 5\r\n", "l: 99999999999999999999\r\n", "Via: SIP/2.0/UDP h\r\n", "SIP/2.0", "SIP/2.0 200 OK\r\n", ";tag=", ";branch=z9hG4bK", "rport",
            "4294967296", "-1", "\u00e9", "\ufeff", "z9hG4bK", "<sip:", "tel:", "sips:[::1]:5061", "Contact: *\r\n", "a,b,c,d", "m=audio 0 RTP/AVP 0\r\n",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf0, 0x9f],
    ];

    [Fact]
    public void Parser_MutatedMessages_NeverThrows()
    {
        Dictionary<SipParseResult, int> counts = [];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var bytes = Mutate(seed);
            try
            {
                var result = Check(bytes);
                counts[result] = counts.GetValueOrDefault(result) + 1;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}\n{Encoding.Latin1.GetString(bytes)}");
            }
        }

        // The mutations are neither so mild nor so wild that one way through the parser is not taken.
        Assert.All([SipParseResult.Message, SipParseResult.Rejected, SipParseResult.Dropped], result => Assert.InRange(counts[result], 1000, 17_000));
    }

    [Fact]
    public void Parser_EveryPrefixOfEveryMessage_NeverThrows()
    {
        foreach (var whole in Corpus)
        {
            for (var length = 0; length < whole.Length; length++)
                SipParser.TryParse(whole.AsSpan(0, length), SipLimits.Default, out _, out _);
        }
    }

    [Fact]
    public void Framer_MutatedStreams_NeverThrowAndAgreeWithTheWhole()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            byte[] stream = [.. Mutate(seed), .. Mutate(seed + 1), .. Mutate(seed + 2)];
            var random = new Random(seed);
            Assert.Equal(Frames(stream, () => int.MaxValue), Frames(stream, () => random.Next(1, 40)));
        }
    }

    private static SipParseResult Check(byte[] bytes)
    {
        var result = SipParser.TryParse(bytes, SipLimits.Default, out var message, out var error);
        Assert.Equal(result == SipParseResult.Message, message is not null);
        Assert.Equal(result == SipParseResult.Rejected, error.IsAnswerable);
        if (error.Answer is { } answer)
        {
            Assert.InRange(answer.StatusCode, 400, 599);
            Assert.DoesNotContain("\r\n\r\n", Encoding.UTF8.GetString(answer.ToBytes())[..^4], StringComparison.Ordinal);
        }

        if (message is null)
            return result;
        Rfc4475Tests.AssertReadable(message);
        Assert.InRange(message.Headers.Count, 1, SipLimits.Default.MaxHeaders);
        var written = message.ToBytes();
        Assert.Equal(written.Length, message.GetByteCount());
        var second = SipParser.TryParse(written, SipLimits.Default, out var again, out var why);
        Assert.Equal((SipParseResult.Message, ""), (second, why.Reason));
        Assert.Equal(message.Body.ToArray(), again!.Body.ToArray());
        Assert.Equal(written, again.ToBytes());
        if (message is SipRequest request)
        {
            Assert.NotEmpty(request.CreateResponse(200, toTag: "t").ToBytes());
            Assert.Equal(request.RequestUri, ((SipRequest)again).RequestUri);
            _ = request.RequestUri.TelephoneNumber;
        }

        if (SessionDescription.TryParse(message.Body.Span, out var sdp, out _))
            Assert.NotEmpty(sdp!.ToBytes());
        return result;
    }

    private static List<string> Frames(byte[] stream, Func<int> next)
    {
        var framer = new SipStreamFramer();
        List<string> frames = [];
        for (var at = 0; at < stream.Length;)
        {
            var length = Math.Min(next(), stream.Length - at);
            ReadOnlySpan<byte> input = stream.AsSpan(at, length);
            at += length;
            while (framer.Read(ref input, out var message) is not SipFrame.NeedMore and var frame)
            {
                frames.Add($"{frame} {Convert.ToHexString(message)} {framer.Error.Reason}");
                if (frame == SipFrame.Error)
                    return frames;
            }
        }

        return frames;
    }

    private static byte[] Mutate(int seed)
    {
        var random = new Random(seed);
        List<byte> bytes = [.. Corpus[random.Next(Corpus.Length)]];
        for (var rounds = random.Next(1, 6); rounds > 0 && bytes.Count > 0; rounds--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 20), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.InsertRange(at, Snippets[random.Next(Snippets.Length)]);
                    break;
                case 5:
                    var other = Corpus[random.Next(Corpus.Length)];
                    var from = random.Next(other.Length);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(1, 100))]);
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat(bytes[at], random.Next(1, 300)));
                    break;
            }
        }

        return [.. bytes];
    }
}
