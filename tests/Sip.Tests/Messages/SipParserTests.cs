using System.Text;

namespace VoiceGateway.Sip.Tests;

public sealed class SipParserTests
{
    private const string Options = """
        OPTIONS sip:gateway.example.com SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKabc;rport
        From: <sip:alice@example.com>;tag=a1
        To: <sip:gateway.example.com>
        Call-ID: 1@192.0.2.1
        CSeq: 7 OPTIONS
        Max-Forwards: 70
        Content-Length: 0


        """;

    [Fact]
    public void Parser_PlainRequest_IsRead()
    {
        var request = Read<SipRequest>(Options);

        Assert.Equal("OPTIONS", request.Method);
        Assert.Equal("a1", request.From.Tag);
        Assert.True(request.TopVia.HasRport);
        Assert.Null(request.TopVia.Rport);
    }

    [Theory]
    [InlineData("From", "f")]
    [InlineData("To", "T")]
    [InlineData("Via", "v")]
    [InlineData("Call-ID", "I")]
    [InlineData("Content-Length", "l")]
    [InlineData("CSeq", "cSEQ")]
    [InlineData("Max-Forwards", "MAX-forwards  ")]
    public void Parser_OtherSpellingOfAName_IsTheSameHeader(string usual, string other)
    {
        var request = Read<SipRequest>(Options.Replace(usual + ":", other + ":", StringComparison.Ordinal));

        Assert.NotNull(request.Headers.Get(usual));
        Assert.Contains($"\r\n{usual}: ", Encoding.UTF8.GetString(request.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void Parser_LineFeedsAlone_EndLinesToo()
    {
        var result = SipParser.TryParse(Encoding.UTF8.GetBytes(Options.ReplaceLineEndings("\n")), SipLimits.Default, out var message, out _);

        Assert.Equal(SipParseResult.Message, result);
        Assert.Equal(7u, message!.CSeq.Number);
    }

    [Fact]
    public void Parser_LineEndsBeforeTheStartLine_AreSkipped() => Read<SipRequest>("\r\n\r\n" + Options);

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("\r\n")]
    [InlineData("\0")]
    [InlineData("\0\0\0\0")]
    public void Parser_NothingButKeepAlive_IsNoError(string datagram)
    {
        var result = SipParser.TryParse(Encoding.UTF8.GetBytes(datagram), SipLimits.Default, out var message, out var error);

        Assert.Equal((SipParseResult.KeepAlive, SipParseErrorKind.None), (result, error.Kind));
        Assert.Null(message);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("jaK")]
    [InlineData("OPTIONS\r\n\r\n")]
    [InlineData("\r\nOPTIONS sip:x SIP/2.0")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\n")]
    public void Parser_NoSip_IsDropped(string datagram)
    {
        var result = SipParser.TryParse(Encoding.UTF8.GetBytes(datagram), SipLimits.Default, out _, out var error);

        Assert.Equal((SipParseResult.Dropped, SipParseErrorKind.NotSip), (result, error.Kind));
    }

    [Theory]
    [InlineData("OPTIONS sip:gateway.example.com SIP/2.0", "OPTIONS sip:gateway.example.com SIP/3.0", 505, "Version not supported")]
    [InlineData("OPTIONS sip:gateway.example.com SIP/2.0", "OPTIONS  SIP/2.0", 400, "Malformed Request-URI")]
    [InlineData("OPTIONS sip:gateway.example.com SIP/2.0", "OPTIONS SIP/2.0", 400, "No Request-URI")]
    [InlineData("OPTIONS sip:gateway.example.com SIP/2.0", "OPTIONS gateway.example.com SIP/2.0", 400, "Malformed Request-URI")]
    [InlineData("OPTIONS sip:gateway.example.com SIP/2.0", "OPTIONS sip:gateway.example.com?a=b SIP/2.0", 400, "Headers in the Request-URI")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 256", 400, "Malformed Max-Forwards")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: -1", 400, "Malformed Max-Forwards")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 7 0", 400, "Malformed Max-Forwards")]
    [InlineData("Max-Forwards: 70", "Max-Forwards:", 400, "Malformed Max-Forwards")]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 2147483648 OPTIONS", 400, "Malformed CSeq")]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: -7 OPTIONS", 400, "Malformed CSeq")]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 7", 400, "Malformed CSeq")]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 7 options", 400, "CSeq names another method")]
    [InlineData("Content-Length: 0", "Content-Length: 1", 400, "Content-Length exceeds the datagram")]
    [InlineData("Content-Length: 0", "Content-Length: 99999999999999999999", 400, "Malformed Content-Length")]
    [InlineData("Content-Length: 0", "Content-Length: 0x0", 400, "Malformed Content-Length")]
    [InlineData("Content-Length: 0", "Content-Length: +0", 400, "Malformed Content-Length")]
    [InlineData("Content-Length: 0", "Content-Length: 0\r\nl: 0", 400, "More than one Content-Length")]
    [InlineData("Content-Length: 0", "Content-Length: 0\r\nFrom: <sip:alice@example.com>;tag=a1", 400, "More than one From")]
    [InlineData("Content-Length: 0", "Content-Length: 0\r\nt: <sip:other@example.com>", 400, "More than one To")]
    [InlineData("Content-Length: 0", "Content-Length: 0\r\ni: 2@192.0.2.1", 400, "More than one Call-ID")]
    [InlineData("Content-Length: 0", "Content-Length: 0\r\nCSeq: 7 OPTIONS", 400, "More than one CSeq")]
    [InlineData("Content-Length: 0", "Content-Length: 0\r\nMax-Forwards: 70", 400, "More than one Max-Forwards")]
    [InlineData("Content-Length: 0", "no header", 400, "Malformed header line")]
    [InlineData("Content-Length: 0", ": value", 400, "Malformed header line")]
    [InlineData("Content-Length: 0", "Sub ject: value", 400, "Malformed header line")]
    [InlineData("Content-Length: 0", "Content-Length\r\n : 0", 400, "Malformed header line")]
    [InlineData("Content-Length: 0", "Subject: a\0b", 400, "Control character in a header")]
    [InlineData("Content-Length: 0", "Subject: a\u001bb", 400, "Control character in a header")]
    [InlineData("Content-Length: 0", "Subject: a\rb", 400, "Control character in a header")]
    [InlineData("Content-Length: 0", "Record-Route: garbage", 400, "Malformed Record-Route")]
    [InlineData("Content-Length: 0", "Route: <sip:a>, <sip:b", 400, "Malformed Route")]
    [InlineData("Call-ID: 1@192.0.2.1", "Call-ID: 1 2", 400, "Malformed Call-ID")]
    [InlineData("Call-ID: 1@192.0.2.1", "Call-ID:", 400, "Malformed Call-ID")]
    [InlineData("Call-ID: 1@192.0.2.1", "X: y", 400, "Missing Call-ID")]
    [InlineData("To: <sip:gateway.example.com>", "X: y", 400, "Missing To")]
    [InlineData("To: <sip:gateway.example.com>", "To: <sip:>", 400, "Malformed To")]
    [InlineData("To: <sip:gateway.example.com>", "To:", 400, "Malformed To")]
    [InlineData("From: <sip:alice@example.com>;tag=a1", "X: y", 400, "Missing From")]
    [InlineData("From: <sip:alice@example.com>;tag=a1", "From: <sip:alice@example.com>;tag=a1;tag=a2", 400, "Malformed From")]
    [InlineData("From: <sip:alice@example.com>;tag=a1", "From: <sip:alice@example.com>;tag=\"a\"", 400, "Malformed From")]
    [InlineData("From: <sip:alice@example.com>;tag=a1", "From: <sip:a@b>, <sip:c@d>", 400, "Malformed From")]
    [InlineData("branch=z9hG4bKabc", "branch=z9hG4bKa@c", 400, "Malformed Via")]
    [InlineData("rport", "rport=70000", 400, "Malformed Via")]
    public void Parser_MalformedRequest_IsRejectedWithItsReason(string good, string bad, int status, string reason)
    {
        var text = Options.ReplaceLineEndings("\r\n");
        Assert.Contains(good, text, StringComparison.Ordinal);

        var result = SipParser.TryParse(Encoding.UTF8.GetBytes(text.Replace(good, bad, StringComparison.Ordinal)), SipLimits.Default, out var message, out var error);

        Assert.Equal((SipParseResult.Rejected, status, reason), (result, error.StatusCode, error.Reason));
        Assert.Null(message);
        Assert.Equal(status, error.Answer!.StatusCode);
        Assert.Equal(reason, error.Answer.ReasonPhrase);
    }

    [Theory]
    [InlineData("Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKabc;rport", "X: y")]
    [InlineData("Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKabc;rport", "Via: SIP/2.0/UDP")]
    [InlineData("Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKabc;rport", "Via: SIP/2.0/UDP 192.0.2.1:0")]
    [InlineData("Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKabc;rport", "Via: SIP/2.0/UDP a..b")]
    [InlineData("CSeq: 7 OPTIONS", "X: y")]
    public void Parser_NothingToAnswerTo_IsDropped(string good, string bad)
    {
        var result = TortureCorpus.Parse(Options.Replace(good, bad, StringComparison.Ordinal), out _, out var error);

        Assert.Equal(SipParseResult.Dropped, result);
        Assert.False(error.IsAnswerable);
    }

    [Fact]
    public void Parser_MalformedAck_IsNotAnswered()
    {
        var text = Options.Replace("OPTIONS", "ACK", StringComparison.Ordinal).Replace("To: <sip:gateway.example.com>", "To: \"", StringComparison.Ordinal);

        Assert.Equal(SipParseResult.Dropped, TortureCorpus.Parse(text, out _, out _));
    }

    [Theory]
    [InlineData("SIP/2.0 99 Low")]
    [InlineData("SIP/2.0 700 High")]
    [InlineData("SIP/2.0 2000 Long")]
    [InlineData("SIP/2.0 +20 Sign")]
    [InlineData("SIP/2.0  200 Blanks")]
    [InlineData("SIP/3.0 200 OK")]
    public void Parser_MalformedStatusLine_IsDropped(string line)
    {
        var text = Options.Replace("OPTIONS sip:gateway.example.com SIP/2.0", line, StringComparison.Ordinal);

        Assert.Equal(SipParseResult.Dropped, TortureCorpus.Parse(text, out _, out _));
    }

    [Theory]
    [InlineData("SIP/2.0 200 OK", "OK")]
    [InlineData("SIP/2.0 200 ", "")]
    [InlineData("SIP/2.0 200", "")]
    public void Parser_StatusLine_GivesCodeAndReason(string line, string reason)
    {
        var response = Read<SipResponse>(Options.Replace("OPTIONS sip:gateway.example.com SIP/2.0", line, StringComparison.Ordinal));

        Assert.Equal((200, reason), (response.StatusCode, response.ReasonPhrase));
    }

    [Fact]
    public void Parser_BadContactInResponseOrBye_IsOverlooked()
    {
        var response = Options.Replace("OPTIONS sip:gateway.example.com SIP/2.0", "SIP/2.0 180 Ringing", StringComparison.Ordinal);
        var bye = Options.Replace("OPTIONS", "BYE", StringComparison.Ordinal);

        foreach (var text in new[] { response, bye })
        {
            Assert.Equal(
                SipParseResult.Message,
                TortureCorpus.Parse(text.Replace("Max-Forwards: 70", "Contact: <<garbage", StringComparison.Ordinal), out var message, out _));
            Assert.Null(message!.Contact);
        }
    }

    [Fact]
    public void Parser_WildcardContact_IsForRegisterAlone()
    {
        var register = Options.Replace("OPTIONS", "REGISTER", StringComparison.Ordinal);

        var message = Read<SipRequest>(register.Replace("Max-Forwards: 70", "Contact: *", StringComparison.Ordinal));
        Assert.True(message.HasWildcardContact);
        Assert.Empty(message.Contacts);
        var two = TortureCorpus.Parse(register.Replace("Max-Forwards: 70", "Contact: *, <sip:a@b>", StringComparison.Ordinal), out _, out _);
        Assert.Equal(SipParseResult.Rejected, two);
    }

    [Fact]
    public void Parser_CommaSeparatedAddresses_BecomeEntries()
    {
        var request = Read<SipRequest>(Options.Replace(
            "Max-Forwards: 70", "Record-Route: <sip:p1;lr>, \"a, b\" <sip:p2,x@h;lr> ;q=1\nrecord-route:<sip:p3;lr>", StringComparison.Ordinal));

        Assert.Equal(["<sip:p1;lr>", "\"a, b\" <sip:p2,x@h;lr> ;q=1", "<sip:p3;lr>"], request.Headers.GetAll("Record-Route"));
        Assert.Equal(["p1", "h", "p3"], request.RecordRoutes.Select(route => route.Uri.Host));
        Assert.Equal("a, b", request.RecordRoutes[1].DisplayName);
    }

    [Fact]
    public void Parser_HeaderNotUnderstood_IsPassedOnUnchanged()
    {
        var request = Read<SipRequest>(Options.Replace("Max-Forwards: 70", "X-Trunk-Ünknown: y\nX-Vendor:  Größe \"q,\" <,;  ", StringComparison.Ordinal)
            .Replace("X-Trunk-Ünknown: y\n", "", StringComparison.Ordinal));

        Assert.Equal("Größe \"q,\" <,;", request.Headers.Get("x-vendor"));
        Assert.Contains("X-Vendor: Größe \"q,\" <,;\r\n", Encoding.UTF8.GetString(request.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void Parser_Latin1DisplayName_IsReadTolerantlyAndAnsweredByteForByte()
    {
        var latin1 = Encoding.Latin1.GetBytes(Options.ReplaceLineEndings("\r\n").Replace("From: <", "From: \"Jürgen\" <", StringComparison.Ordinal));

        Assert.Equal(SipParseResult.Message, SipParser.TryParse(latin1, SipLimits.Default, out var message, out _));
        var response = ((SipRequest)message!).CreateResponse(200);

        Assert.Equal("J\uFFFDrgen", message.From.DisplayName);
        Assert.Contains("From: \"Jürgen\" <sip:alice@example.com>;tag=a1\r\n", Encoding.Latin1.GetString(response.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void Parser_BodyBehindContentLength_IsDiscarded()
    {
        var request = Read<SipRequest>(Options.Replace("Content-Length: 0", "Content-Length: 2", StringComparison.Ordinal) + "abcdef");

        Assert.Equal("ab", Encoding.UTF8.GetString(request.Body.Span));
    }

    [Fact]
    public void Parser_NoContentLength_BodyIsTheRest()
    {
        var request = Read<SipRequest>(Options.Replace("Content-Length: 0", "X: y", StringComparison.Ordinal) + "abcdef");

        Assert.Equal("abcdef", Encoding.UTF8.GetString(request.Body.Span));
    }

    [Fact]
    public void Parser_HeaderLineCutOff_IsRejected()
    {
        var text = Options.ReplaceLineEndings("\r\n");
        var cut = text[..(text.IndexOf("Content-Length", StringComparison.Ordinal) + 5)];

        var result = SipParser.TryParse(Encoding.UTF8.GetBytes(cut), SipLimits.Default, out _, out var error);

        Assert.Equal((SipParseResult.Rejected, "Header section does not end"), (result, error.Reason));
    }

    [Fact]
    public void Parser_TooManyHeaders_Is513()
    {
        var atCap = Options.Replace("Max-Forwards: 70", string.Concat(Enumerable.Repeat("X: y\n", 122)).TrimEnd(), StringComparison.Ordinal);
        var over = Options.Replace("Max-Forwards: 70", string.Concat(Enumerable.Repeat("X: y\n", 123)).TrimEnd(), StringComparison.Ordinal);

        Assert.Equal(128, Read<SipRequest>(atCap).Headers.Count);
        Assert.Equal(SipParseResult.Rejected, TortureCorpus.Parse(over, out _, out var error));
        Assert.Equal((513, SipParseErrorKind.TooLarge), (error.StatusCode, error.Kind));
    }

    [Fact]
    public void Parser_TooManyElements_Is513()
    {
        var vias = string.Join(", ", Enumerable.Repeat("SIP/2.0/UDP h;branch=z9hG4bKx", 130));

        Assert.Equal(SipParseResult.Rejected, TortureCorpus.Parse(Options.Replace("Via: ", $"Via: {vias}, ", StringComparison.Ordinal), out _, out var error));
        Assert.Equal(new CSeq(7, "OPTIONS"), error.Answer!.CSeq);
        Assert.Equal(513, error.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Parser_HeaderLineOverTheCap_Is513(bool folded)
    {
        var piece = folded ? new string('x', 999) + "\n " : new string('x', 1000);
        var fits = "X: " + string.Concat(Enumerable.Repeat(piece, 8)) + "x";
        var over = "X: " + string.Concat(Enumerable.Repeat(piece, 9)) + "x";

        Read<SipRequest>(Options.Replace("Max-Forwards: 70", fits, StringComparison.Ordinal));
        var result = TortureCorpus.Parse(Options.Replace("Max-Forwards: 70", over, StringComparison.Ordinal), out _, out var error);

        Assert.Equal((SipParseResult.Rejected, 513, "Header too long"), (result, error.StatusCode, error.Reason));
    }

    [Fact]
    public void Parser_RequestUriOverTheCap_Is414()
    {
        var result = TortureCorpus.Parse(Options.Replace("OPTIONS sip:gateway", "OPTIONS sip:" + new string('x', 8200), StringComparison.Ordinal), out _, out var error);

        Assert.Equal((SipParseResult.Rejected, 414), (result, error.StatusCode));
    }

    [Fact]
    public void Parser_MessageOverTheCap_Is513()
    {
        var result = TortureCorpus.Parse(Options + new string('x', 65_536), out _, out var error);

        Assert.Equal((SipParseResult.Rejected, 513, "Message too large"), (result, error.StatusCode, error.Reason));
    }

    [Fact]
    public void Parser_HugeInput_AllocatesLittle()
    {
        var huge = new byte[50_000_000];
        Array.Fill(huge, (byte)'x');
        Encoding.UTF8.GetBytes(Options.ReplaceLineEndings("\r\n")).CopyTo(huge, 0);
        SipParser.TryParse(huge, SipLimits.Default, out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        SipParser.TryParse(huge, SipLimits.Default, out _, out _);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Answer_RequestWithoutToTag_GetsTheSameTagEachTime()
    {
        var bad = Options.Replace("Max-Forwards: 70", "Max-Forwards: x", StringComparison.Ordinal);

        TortureCorpus.Parse(bad, out _, out var first);
        TortureCorpus.Parse(bad, out _, out var second);
        TortureCorpus.Parse(bad.Replace("z9hG4bKabc", "z9hG4bKabd", StringComparison.Ordinal), out _, out var other);

        Assert.NotNull(first.Answer!.To.Tag);
        Assert.Equal(first.Answer.To.Tag, second.Answer!.To.Tag);
        Assert.NotEqual(first.Answer.To.Tag, other.Answer!.To.Tag);
        Assert.Equal("1@192.0.2.1", first.Answer.CallId);
        Assert.Equal(new CSeq(7, "OPTIONS"), first.Answer.CSeq);
    }

    private static T Read<T>(string text)
        where T : SipMessage
    {
        var result = TortureCorpus.Parse(text, out var message, out var error);
        Assert.Equal((SipParseResult.Message, ""), (result, error.Reason));
        return Assert.IsType<T>(message);
    }
}
