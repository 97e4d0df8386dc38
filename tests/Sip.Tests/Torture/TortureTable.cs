namespace VoiceGateway.Sip.Tests.Torture;

/// <summary>
/// Every message of RFC 4475 and RFC 5118 and what a user agent that serves calls owes it: no registrar, no proxy, no instant messages.
/// Where the RFC leaves a choice, the last column says which one was made.
/// </summary>
internal static class TortureTable
{
    private const string Call = TortureCase.Call;

    public static IReadOnlyList<TortureCase> Cases { get; } =
    [
        // RFC 4475 section 3.1.1: valid messages.
        new("rfc4475/wsinv", "3.1.1.1", "481", "valid; its To has a tag, and no such dialog exists (RFC 3261 section 12.2.2)"),
        new("rfc4475/intmeth", "3.1.1.2", "501", "valid, of a method that nobody implements") { Says = "Allow: INVITE" },
        new("rfc4475/esc01", "3.1.1.3", Call, "escapes in URIs are resolved, not counted as @ or :"),
        new("rfc4475/escnull", "3.1.1.4", "405", "%00 is a character like others; no registrar here") { Says = "Allow: INVITE" },
        new("rfc4475/esc02", "3.1.1.5", "501", "% is no escape in a method: this is not REGISTER"),
        new("rfc4475/lwsdisp", "3.1.1.6", "200", "no blank is needed between a display name and <"),
        new("rfc4475/longreq", "3.1.1.7", Call, "long values and 34 Vias are no reason to refuse"),
        new("rfc4475/dblreq", "3.1.1.8", "405", "what follows the body in a datagram is discarded (RFC 3261 section 18.3)")
            { OverTcp = "405 400" }, // in a stream it is the next message, an INVITE without Contact
        new("rfc4475/semiuri", "3.1.1.9", "200", "a semicolon in the user part starts no parameter"),
        new("rfc4475/transports", "3.1.1.10", "200", "a Via may name any transport"),
        new("rfc4475/mpart01", "3.1.1.11", "405", "a binary body does not matter; MESSAGE is not served outside of calls"),
        new("rfc4475/unreason", "3.1.1.12", "", "a valid response to a request that was never sent"),
        new("rfc4475/noreason", "3.1.1.13", "", "a valid response to a request that was never sent"),

        // Section 3.1.2: invalid messages.
        new("rfc4475/badinv01", "3.1.2.1", "400", "parameters of Via and Contact without names"),
        new("rfc4475/clerr", "3.1.2.2", "400", "Content-Length beyond the datagram's end")
            { OverTcp = "" }, // in a stream it is waited for; the connection ends by the limit on stalled messages
        new("rfc4475/ncl", "3.1.2.3", "400", "negative Content-Length"),
        new("rfc4475/scalar02", "3.1.2.4", "400", "numbers beyond their range: no CSeq to answer for"),
        new("rfc4475/scalarlg", "3.1.2.5", "", "a response with numbers beyond their range SHOULD be discarded"),
        new("rfc4475/quotbal", "3.1.2.6", "400", "an open quote in To"),
        new("rfc4475/ltgtruri", "3.1.2.7", "400", "<> around the Request-URI: a server may be liberal, here it is not"),
        new("rfc4475/lwsruri", "3.1.2.8", "400", "blanks in the Request-URI: no guessing where it ends"),
        new("rfc4475/lwsstart", "3.1.2.9", "400", "two blanks in the start line"),
        new("rfc4475/trws", "3.1.2.10", "400", "blanks after the version"),
        new("rfc4475/escruri", "3.1.2.11", "400", "headers in a Request-URI (RFC 3261 section 19.1.1)"),
        new("rfc4475/baddate", "3.1.2.12", Call, "another time zone than GMT: Date is not read here, so nothing is at stake"),
        new("rfc4475/regbadct", "3.1.2.13", "400", "a Contact with ? needs its brackets"),
        new("rfc4475/badaspec", "3.1.2.14", "200", "blanks inside <>: liberal, because what is meant is clear"),
        new("rfc4475/baddn", "3.1.2.15", "200", "a comma in a display name without quotes: \"may be liberal\"")
            { OverTcp = "" }, // its header section has no end, which a stream must wait for
        new("rfc4475/badvers", "3.1.2.16", "505", "SIP/7.0"),
        new("rfc4475/mismatch01", "3.1.2.17", "400", "CSeq names another method than the start line"),
        new("rfc4475/mismatch02", "3.1.2.18", "400", "the same with an unknown method: 400 or 501"),
        new("rfc4475/bigcode", "3.1.2.19", "", "a response with a status beyond its range SHOULD be discarded"),

        // Section 3.2: transaction layer.
        new("rfc4475/badbranch", "3.2.1", "200", "the bare cookie identifies nothing: matched as RFC 2543 did"),

        // Section 3.3: application layer.
        new("rfc4475/insuf", "3.3.1", "400", "no From, To and Call-ID"),
        new("rfc4475/unkscm", "3.3.2", "416", "unknown scheme in the Request-URI"),
        new("rfc4475/novelsc", "3.3.3", "416", "a known scheme that is none of SIP's"),
        new("rfc4475/unksm2", "3.3.4", "405", "unknown schemes in From and To are not this element's concern"),
        new("rfc4475/bext01", "3.3.5", "420", "Require names what nobody has; Proxy-Require is not for a user agent")
            { Says = "Unsupported: nothingSupportsThis, nothingSupportsThisEither" },
        new("rfc4475/invut", "3.3.6", "415", "a body of an unknown type") { Says = "Accept: application/sdp" },
        new("rfc4475/regaut01", "3.3.7", "405", "an unknown authorization scheme asks for nothing; no registrar here"),
        new("rfc4475/multi01", "3.3.8", "400", "several From, To, Call-ID and CSeq"),
        new("rfc4475/mcl01", "3.3.9", "400", "two Content-Length that differ"),
        new("rfc4475/bcast", "3.3.10", "", "a response whose second Via is the broadcast address: not sent on, and not ours"),
        new("rfc4475/zeromf", "3.3.11", "483", "Max-Forwards 0: an endpoint may take it; one whose calls can come back to it should not"),
        new("rfc4475/cparam01", "3.3.12", "405", "parameter of the Contact header; no registrar here"),
        new("rfc4475/cparam02", "3.3.13", "405", "parameter of the Contact's URI; no registrar here"),
        new("rfc4475/regescrt", "3.3.14", "405", "an escaped Route in a Contact's URI is kept; no registrar here"),
        new("rfc4475/sdp01", "3.3.15", Call, "Accept without application/sdp: 406 is allowed, but such calls are better taken (RFC 3261 section 20.1)"),

        // Section 3.4: backward compatibility.
        new("rfc4475/inv2543", "3.4.1", "400", "no Contact: RFC 3261 section 8.1.1.8 wants one, and without it the call could not be ended from here"),
        new("rfc4475/zz_archive_test", "", "", "came in the archive, not in the RFC: no version in its start line"),

        // RFC 5118.
        new("rfc5118/ipv6-good", "4.1", "405", "a reference to an IPv6 address; no registrar here"),
        new("rfc5118/ipv6-bad", "4.2", "400", "an IPv6 address without its brackets"),
        new("rfc5118/port-ambiguous", "4.3", "405", "digits inside the brackets belong to the address"),
        new("rfc5118/port-unambiguous", "4.4", "405", "digits behind the brackets are the port"),
        new("rfc5118/via-received-param-with-delim", "4.5", "481", "received with brackets, which must be tolerated; no such dialog"),
        new("rfc5118/via-received-param-no-delim", "4.5", "200", "received without brackets, as its grammar has it"),
        new("rfc5118/ipv6-in-sdp", "4.6", Call, "IPv6 in the session description"),
        new("rfc5118/mult-ip-in-header", "4.7", "481", "Vias of both families; no such dialog"),
        new("rfc5118/mult-ip-in-sdp", "4.8", Call, "each stream with an address family of its own"),
        new("rfc5118/ipv4-mapped-ipv6", "4.9", Call, "IPv4-mapped addresses in Via, Contact and SDP"),
        new("rfc5118/ipv6-bug-abnf-3-colons", "4.10", "200", "three colons, as RFC 3261's grammar would have it: tolerated"),
        new("rfc5118/ipv6-correct-abnf-2-colons", "4.10", "200", "two colons, as RFC 5954 has it"),
    ];

    public static IEnumerable<string> Files => Cases.Select(row => row.File);

    public static TortureCase Of(string file) => Cases.Single(row => row.File == file);
}
