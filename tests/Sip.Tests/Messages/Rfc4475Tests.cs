using System.Net;
using System.Text;

namespace VoiceGateway.Sip.Tests;

/// <summary>
/// Every message of RFC 4475, at the level of the parser. Where the RFC leaves it to the element to be liberal, the comment says what is
/// done here. What is left to the user agent (420, 415, 416, 401, 483) parses.
/// </summary>
public sealed class Rfc4475Tests
{
    private static readonly string[] Accepted =
    [
        // 3.1.1 valid
        "wsinv", "intmeth", "esc01", "escnull", "esc02", "lwsdisp", "longreq", "dblreq", "semiuri", "transports", "mpart01", "unreason", "noreason",
        // 3.1.2 where the RFC allows to be liberal and nothing is at stake: a Date nobody reads, blanks inside <>, a display name without quotes
        "baddate", "badaspec", "baddn",
        // 3.2, 3.3 and 3.4: syntactically fine, or the user agent's business
        "badbranch", "unkscm", "novelsc", "unksm2", "bext01", "invut", "regaut01", "bcast", "zeromf", "cparam01", "cparam02", "regescrt", "sdp01", "inv2543",
    ];

    private static readonly Dictionary<string, (int Status, SipParseErrorKind Kind)> Rejected = new()
    {
        // 3.1.2
        ["badinv01"] = (400, SipParseErrorKind.Identity),
        ["clerr"] = (400, SipParseErrorKind.ContentLength),
        ["ncl"] = (400, SipParseErrorKind.ContentLength),
        ["scalar02"] = (400, SipParseErrorKind.Identity),
        ["quotbal"] = (400, SipParseErrorKind.Identity),
        ["ltgtruri"] = (400, SipParseErrorKind.StartLine),
        ["lwsruri"] = (400, SipParseErrorKind.StartLine),
        ["lwsstart"] = (400, SipParseErrorKind.StartLine),
        ["trws"] = (400, SipParseErrorKind.StartLine),
        ["escruri"] = (400, SipParseErrorKind.StartLine),
        ["regbadct"] = (400, SipParseErrorKind.HeaderValue),
        ["badvers"] = (505, SipParseErrorKind.Version),
        ["mismatch01"] = (400, SipParseErrorKind.MethodMismatch),
        ["mismatch02"] = (400, SipParseErrorKind.MethodMismatch),
        // 3.3
        ["insuf"] = (400, SipParseErrorKind.MissingHeader),
        ["multi01"] = (400, SipParseErrorKind.DuplicateHeader),
        ["mcl01"] = (400, SipParseErrorKind.DuplicateHeader),
    };

    private static readonly Dictionary<string, SipParseErrorKind> Dropped = new()
    {
        ["scalarlg"] = SipParseErrorKind.Identity, // a response, 3.1.2.5: "SHOULD be discarded"
        ["bigcode"] = SipParseErrorKind.StartLine, // 3.1.2.19
        ["zz_archive_test"] = SipParseErrorKind.NotSip, // came in the archive, not in the RFC: no version on the request line
    };

    public static TheoryData<string> AcceptedNames => [.. Accepted];

    public static TheoryData<string> RejectedNames => [.. Rejected.Keys];

    public static TheoryData<string> DroppedNames => [.. Dropped.Keys];

    [Fact]
    public void Corpus_EveryMessage_HasAnExpectation() =>
        Assert.Equal(
            TortureCorpus.Names("rfc4475"),
            Accepted.Concat(Rejected.Keys).Concat(Dropped.Keys).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(AcceptedNames))]
    public void Parser_AcceptableMessage_IsReadAndWrittenBack(string name)
    {
        var bytes = TortureCorpus.Read("rfc4475", name);

        var result = TortureCorpus.Parse(bytes, out var message, out var error);

        Assert.Equal((SipParseResult.Message, ""), (result, error.Reason));
        AssertReadable(message!);
        AssertRoundTrips(message!);
    }

    [Theory]
    [MemberData(nameof(RejectedNames))]
    public void Parser_MalformedRequest_IsRejectedWithAnAnswer(string name)
    {
        var bytes = TortureCorpus.Read("rfc4475", name);

        var result = TortureCorpus.Parse(bytes, out var message, out var error);

        Assert.Equal((SipParseResult.Rejected, Rejected[name].Status, Rejected[name].Kind), (result, error.StatusCode, error.Kind));
        Assert.Null(message);
        Assert.Equal(Rejected[name].Status, error.Answer!.StatusCode);
        Assert.Equal(error.Reason, error.Answer.ReasonPhrase);
        Assert.True(error.Answer.Headers.Contains("Via"));
        Assert.True(error.Answer.Headers.Contains("CSeq"));
        Assert.NotEmpty(error.Answer.ToBytes());
    }

    [Theory]
    [MemberData(nameof(DroppedNames))]
    public void Parser_UnanswerableMessage_IsDropped(string name)
    {
        var result = TortureCorpus.Parse(TortureCorpus.Read("rfc4475", name), out var message, out var error);

        Assert.Equal((SipParseResult.Dropped, Dropped[name]), (result, error.Kind));
        Assert.Null(message);
        Assert.False(error.IsAnswerable);
    }

    [Fact]
    public void Wsinv_FoldsBlanksAndCompactForms_AreResolved()
    {
        var invite = Request("wsinv");

        Assert.Equal("sip:vivekg@chair-dnrc.example.com;unknownparam", invite.RequestUri.ToString());
        Assert.Equal("1918181833n", invite.To.Tag);
        Assert.Equal("J Rosenberg \\\"", invite.From.DisplayName);
        Assert.Equal("98asjd8", invite.From.Tag);
        Assert.Equal(68, invite.MaxForwards);
        Assert.Equal(new CSeq(9, "INVITE"), invite.CSeq);
        Assert.Equal("", invite.Headers.Get("Subject"));
        Assert.Equal("newfangled value continued newfangled value", invite.Headers.Get("newfangledheader"));
        Assert.Equal(";;,,;;,;", invite.Headers.Get("UnknownHeaderWithUnusualValue"));
        Assert.Equal(
            ["SIP/2.0/UDP 192.0.2.2;branch=390skdjuw", "SIP/2.0/TCP spindle.example.com;branch=z9hG4bK9ikj8", "SIP/2.0/UDP 192.168.255.111;branch=z9hG4bK30239"],
            invite.Vias.Select(via => via.ToString()));
        Assert.False(invite.TopVia.HasMagicCookie);
        Assert.Equal("Quoted string \"\"", invite.Contact!.DisplayName);
        Assert.Equal("newvalue", invite.Contact.Parameters.Get("newparam"));
        Assert.True(invite.Contact.Parameters.Contains("secondparam"));
        Assert.Equal("0.33", invite.Contact.Parameters.Get("q"));
        Assert.Equal("services.example.com", Assert.Single(invite.Routes).Uri.Host);
        Assert.Equal(150, invite.Body.Length);
    }

    [Fact]
    public void Intmeth_UnusualCharacters_KeepTheirMeaning()
    {
        var request = Request("intmeth");

        Assert.Equal("!interesting-Method0123456789_*+`.%indeed'~", request.Method);
        Assert.Equal("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*", request.RequestUri.User);
        Assert.Equal("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)", request.RequestUri.Password);
        Assert.Equal("example.com", request.RequestUri.Host);
        Assert.Equal("BEL:\a NUL:\0 DEL:\u007f", request.To.DisplayName);
        Assert.Equal("token1~` token2'+_ token3*%!.-", request.From.DisplayName);
        Assert.Equal("работающий", request.From.Parameters.GetUnquoted("fromParam''~+*_!.-%"));
        Assert.Equal("_token~1'+`*%!-.", request.From.Tag);
        Assert.Equal("\uFEFF大停電", request.Headers.Get("extensionHeader-!.%*+_`'~"));
        Assert.Equal(255, request.MaxForwards);
    }

    [Fact]
    public void Esc01_EscapedCharacters_AreEquivalent()
    {
        var invite = Request("esc01");

        Assert.Equal("sips:user@example.com", invite.RequestUri.User);
        Assert.Equal("example.net", invite.RequestUri.Host);
        Assert.Equal("user", invite.To.Uri.User);
        Assert.Equal("I have spaces", invite.From.Uri.User);
        Assert.True(SipUri.TryParse("sip:caller@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31", out var contact));
        Assert.Equal(contact, invite.Contact!.Uri);
    }

    [Fact]
    public void Escnull_EscapedNulls_DoNotEndTheName()
    {
        var register = Request("escnull");

        Assert.Equal("null-\0-null", register.To.Uri.User);
        Assert.Equal(["\0", "\0\0"], register.Contacts.Select(contact => contact.Uri.User));
    }

    [Fact]
    public void Esc02_PercentOutsideUris_IsNoEscape()
    {
        var request = Request("esc02");

        Assert.Equal("RE%47IST%45R", request.Method);
        Assert.Equal("%Z%45", request.To.DisplayName);
        Assert.Equal(["alias1", "alias3"], request.Contacts.Select(contact => contact.Uri.User));
        Assert.Equal("<sip:alias2@host2.example.com>", request.Headers.Get("C%6Fntact"));
    }

    [Fact]
    public void Longreq_ThirtyFourVias_KeepTheirOrder()
    {
        var invite = Request("longreq");

        Assert.Equal(34, invite.Vias.Count);
        Assert.Equal(["sip33.example.com", .. Enumerable.Range(1, 32).Reverse().Select(i => $"sip{i}.example.com"), "host.example.com"], invite.Vias.Select(via => via.Host));
        Assert.Equal(IPAddress.Parse("192.0.2.5"), invite.Vias[^1].ReceivedAddress);
    }

    [Fact]
    public void Dblreq_SecondRequestInTheDatagram_IsDiscarded()
    {
        var register = Request("dblreq");

        Assert.Equal("REGISTER", register.Method);
        Assert.Equal(0, register.Body.Length);
        Assert.Equal("dblreq.0ha0isndaksdj99sdfafnl3lk233412", register.CallId);
    }

    [Fact]
    public void Semiuri_SemicolonInTheUser_IsNoParameter()
    {
        var options = Request("semiuri");

        Assert.Equal("user;par=u@example.net", options.RequestUri.User);
        Assert.Empty(options.RequestUri.Parameters);
        Assert.Equal("multipart/mixed", options.Headers.GetList("Accept")[2]);
    }

    [Fact]
    public void Transports_AnyTransport_IsRead() =>
        Assert.Equal(["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"], Request("transports").Vias.Select(via => via.Transport));

    [Fact]
    public void Mpart01_BinaryBody_IsKeptByteForByte()
    {
        var bytes = TortureCorpus.Read("rfc4475", "mpart01");
        var message = Request("mpart01");

        Assert.Equal(553, message.Body.Length);
        Assert.True(message.Body.Span.SequenceEqual(bytes.AsSpan(^553)));
        Assert.Equal("multipart/mixed", message.ContentType);
    }

    [Fact]
    public void Unreason_NonAsciiReason_IsRead() =>
        Assert.Equal("= 2**3 * 5**2 но сто девяносто девять - простое", Response("unreason").ReasonPhrase);

    [Fact]
    public void Noreason_EmptyReason_StaysEmpty()
    {
        var response = Response("noreason");

        Assert.Equal((100, ""), (response.StatusCode, response.ReasonPhrase));
        Assert.StartsWith("SIP/2.0 100 \r\n", Encoding.UTF8.GetString(response.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void Baddn_UnquotedDisplayName_IsTakenAsQuoted()
    {
        var options = Request("baddn");

        Assert.Equal("Bell, Alexander", options.From.DisplayName);
        Assert.Equal("\"Watson, Thomas\" <sip:t.watson@example.org>", options.To.ToString());
    }

    [Fact]
    public void Badaspec_BlanksInsideTheBrackets_AreIgnored() =>
        Assert.Equal("sip:t.watson@example.org", Request("badaspec").To.Uri.ToString());

    [Fact]
    public void Badbranch_BareCookie_IdentifiesNothing() => Assert.False(Request("badbranch").TopVia.HasMagicCookie);

    [Fact]
    public void Unkscm_UnknownScheme_IsCarried()
    {
        var uri = Request("unkscm").RequestUri;

        Assert.Equal(("nobodyknowsthisscheme", "totallyopaquecontent", false), (uri.Scheme, uri.Opaque, uri.IsSip || uri.IsTel));
        Assert.Equal("soap.beep", Request("novelsc").RequestUri.Scheme);
        Assert.Equal(["isbn", "http"], [Request("unksm2").To.Uri.Scheme, Request("unksm2").From.Uri.Scheme]);
    }

    [Fact]
    public void Cparam_ParameterOutsideOrInsideTheBrackets_BelongsToHeaderOrUri()
    {
        Assert.True(Request("cparam01").Contact!.Parameters.Contains("unknownparam"));
        Assert.True(Request("cparam02").Contact!.Uri.Parameters.Contains("unknownparam"));
        Assert.False(Request("cparam02").Contact!.Parameters.Contains("unknownparam"));
    }

    [Fact]
    public void Regescrt_EscapedRouteInContact_IsKept()
    {
        var header = Assert.Single(Request("regescrt").Contact!.Uri.Headers);

        Assert.Equal(new SipParameter("Route", "%3Csip:sip.example.com%3E"), header);
    }

    [Fact]
    public void Inv2543_OldRequest_HasNoBranchTagOrMaxForwards()
    {
        var invite = Request("inv2543");

        Assert.Null(invite.TopVia.Branch);
        Assert.Null(invite.From.Tag);
        Assert.Null(invite.MaxForwards);
        Assert.Equal("+13035551111", invite.From.Uri.TelephoneNumber);
        Assert.StartsWith("v=0", Encoding.UTF8.GetString(invite.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Bext01_RequiredExtensions_AreListed() =>
        Assert.Equal(["nothingSupportsThis", "nothingSupportsThisEither"], Request("bext01").Headers.GetList("Require"));

    [Fact]
    public void Zeromf_MaxForwards_IsZero() => Assert.Equal(0, Request("zeromf").MaxForwards);

    private static SipRequest Request(string name)
    {
        TortureCorpus.Parse(TortureCorpus.Read("rfc4475", name), out var message, out _);
        return Assert.IsType<SipRequest>(message);
    }

    private static SipResponse Response(string name)
    {
        TortureCorpus.Parse(TortureCorpus.Read("rfc4475", name), out var message, out _);
        return Assert.IsType<SipResponse>(message);
    }

    internal static void AssertReadable(SipMessage message)
    {
        Assert.NotEmpty(message.Vias);
        Assert.NotNull(message.TopVia.Host);
        Assert.NotNull(message.From.Uri);
        Assert.NotNull(message.To.Uri);
        Assert.NotEmpty(message.CallId);
        Assert.NotEmpty(message.CSeq.Method);
        _ = message.Contacts.Count + message.Routes.Count + message.RecordRoutes.Count;
    }

    internal static void AssertRoundTrips(SipMessage message)
    {
        var bytes = message.ToBytes();
        Assert.Equal(bytes.Length, message.GetByteCount());

        var result = TortureCorpus.Parse(bytes, out var again, out var error);

        Assert.Equal((SipParseResult.Message, ""), (result, error.Reason));
        Assert.Equal(message.ToString(), again!.ToString());
        Assert.Equal(message.Body.ToArray(), again.Body.ToArray());
        Assert.Equal(Others(message), Others(again));
        Assert.Equal(message.From.ToString(), again.From.ToString());
        Assert.Equal(bytes, again.ToBytes());

        static IEnumerable<(string, string)> Others(SipMessage message) =>
            message.Headers.Where(header => header.Name != "Content-Length").Select(header => (header.Name, header.Value));
    }
}
