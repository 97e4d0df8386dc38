using System.Text;
using Xunit.Abstractions;

namespace VoiceGateway.Sip.Tests.Fuzz;

/// <summary>
/// Mutated messages through the parser. Whatever comes out can be used without exceptions, within the caps, and what we write of it is
/// accepted and written likewise.
/// </summary>
public sealed class MessageFuzzTests(ITestOutputHelper log)
{
    // The bytes once, and a slot for each header: the line "a:" costs most.
    private const int ParsedBytesPerByte = 16;

    // Text is two bytes a character, some of it in a string for the value and one for each of its parts.
    private const int ReadBytesPerByte = 64;
    private const int FixedBytes = 16_384;

    [Fact]
    public void Parser_MutatedMessages_NeverThrowAndReadBackWhatTheyWrite()
    {
        Dictionary<SipParseResult, int> counts = [];
        FuzzRun.Try(60, MutatedBytes.Of(FuzzSeeds.Messages), input =>
        {
            var result = CheckMessage(input.ToBytes());
            counts[result] = counts.GetValueOrDefault(result) + 1;
        }, log);

        // The mutations are neither so mild nor so wild that one way through the parser is not taken.
        log.WriteLine(string.Join(", ", counts.Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.All([SipParseResult.Message, SipParseResult.Rejected, SipParseResult.Dropped], result => Assert.True(counts[result] >= counts.Values.Sum() / 50));
    }

    [Fact]
    public void Parser_EveryPrefixOfEveryMessage_NeverThrows()
    {
        foreach (var whole in FuzzSeeds.Messages)
        {
            for (var length = 0; length < whole.Length; length++)
                SipParser.TryParse(whole.AsSpan(0, length), SipLimits.Default, out _, out _);
        }
    }

    [Theory]
    [InlineData("a:\r\n")]
    [InlineData("Via:a,\r\n")]
    [InlineData("v:SIP/2.0/UDP h;b\r\n")]
    [InlineData("Route:,,,,,,,,,,,,,,,,\r\n")]
    [InlineData("m:<sip:a>\r\n \r\n")]
    [InlineData("X:;;;;;;;;;;;;;;;;;;;;;;;;\r\n")]
    [InlineData("X:\u008a\u008a\u008a\u008a\u008a\u008a\u008a\u008a\u008a\u008a\r\n")]
    [InlineData("v:SIP/2.0/UDP h;x=\"\u008a\u008a\u008a\u008a\u008a\u008a\"\r\n")]
    public void Parser_ManyLinesOfTheDearestKind_StaysWithinTheBound(string line)
    {
        var text = new StringBuilder("INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@c>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n");
        while (text.Length < 60_000)
            text.Append(line);

        // One byte a character: those above 127 are no UTF-8.
        CheckMessage(Encoding.Latin1.GetBytes(text.Append("\r\n").ToString()));
    }

    [Fact]
    public void Parser_BytesThatAreNoUtf8_CostNoMoreThanOthers()
    {
        var text = $"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@c>\r\nCall-ID: {new string('\u008a', 8000)}\r\nCSeq: 1 OPTIONS\r\n\r\n";
        Assert.Equal(SipParseResult.Rejected, CheckMessage(Encoding.Latin1.GetBytes(text)));
    }

    private static SipParseResult CheckMessage(byte[] bytes)
    {
        var (result, message, error) = Allocation.Bounded(FixedBytes + ((long)ParsedBytesPerByte * bytes.Length), bytes.Length, "Parsing", () => Parse(bytes));
        Assert.Equal(result == SipParseResult.Message, message is not null);
        Assert.Equal(result == SipParseResult.Rejected, error.IsAnswerable);
        if (error.Answer is { } answer)
        {
            Assert.InRange(answer.StatusCode, 400, 599);
            Assert.DoesNotContain("\r\n\r\n", Encoding.UTF8.GetString(answer.ToBytes())[..^4], StringComparison.Ordinal);
        }

        if (message is null)
            return result;
        Assert.InRange(message.Headers.Count, 1, SipLimits.Default.MaxHeaders);
        Allocation.Bounded(FixedBytes + ((long)ReadBytesPerByte * bytes.Length), bytes.Length, "Reading", () => ReadAll(message));

        // What is written of a message as it came, unread, is what is written of it once read.
        var written = message.ToBytes();
        Assert.Equal(written.Length, message.GetByteCount());
        var (second, again, why) = Parse(written);
        Assert.Equal((SipParseResult.Message, ""), (second, why.Reason));
        Assert.True(written.AsSpan().SequenceEqual(again!.ToBytes()));
        Assert.True(message.Body.Span.SequenceEqual(again.Body.Span));
        ReadAll(again);
        Assert.True(written.AsSpan().SequenceEqual(again.ToBytes()));
        if (message is SipRequest request)
        {
            Assert.NotEmpty(request.CreateResponse(200, toTag: "t").ToBytes());
            Assert.Equal(request.RequestUri, ((SipRequest)again).RequestUri);
            Assert.NotEmpty(request.CreateCancel().ToBytes());
            Assert.Equal(written, request.Clone().ToBytes());
        }

        return result;
    }

    private static (SipParseResult Result, SipMessage? Message, SipParseError Error) Parse(byte[] bytes) =>
        (SipParser.TryParse(bytes, SipLimits.Default, out var message, out var error), message, error);

    private static int ReadAll(SipMessage message)
    {
        Rfc4475Tests.AssertReadable(message);
        var count = (message.ContentType?.Length ?? 0) + message.Headers.GetList(SipHeaderNames.Supported).Count;
        foreach (var header in message.Headers)
            count += header.Value.Length;
        if (message is SipRequest request)
            count += (request.RequestUri.TelephoneNumber?.Length ?? 0) + (request.MaxForwards ?? 0);
        return count;
    }
}
