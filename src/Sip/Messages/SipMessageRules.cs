namespace VoiceGateway.Sip;

/// <summary>What a message must be beyond its lines: complete, unambiguous, and with the values that an answer or a dialog relies on.</summary>
internal static class SipMessageRules
{
    // RFC 3261 section 7.3.1: these are no lists. Two of them mean that two elements may act on different ones.
    private static readonly string[] SingleHeaders =
    [
        SipHeaderNames.From, SipHeaderNames.To, SipHeaderNames.CallId, SipHeaderNames.CSeq, SipHeaderNames.MaxForwards,
        SipHeaderNames.ContentLength, SipHeaderNames.ContentType,
    ];

    // A bad Contact counts where it becomes a target or a binding. To refuse a BYE for one would only keep the call alive.
    private static readonly string[] ContactMethods =
    [
        SipMethods.Invite, SipMethods.Update, SipMethods.Subscribe, SipMethods.Notify, SipMethods.Refer, SipMethods.Register,
    ];

    private static readonly string[] AnswerHeaders =
        [SipHeaderNames.Via, SipHeaderNames.From, SipHeaderNames.To, SipHeaderNames.CallId, SipHeaderNames.CSeq];

    private delegate bool Rule(ReadOnlySpan<char> value);

    public static bool IsNeededToAnswer(string name) => AnswerHeaders.Contains(name);

    public static bool HasIdentity(SipHeaders headers, SipParseFailure failure)
    {
        foreach (var name in SingleHeaders)
        {
            if (headers.IndexOf(name, 0) is >= 0 and var first && headers.IndexOf(name, first + 1) >= 0)
                failure.Set(SipParseErrorKind.DuplicateHeader, 400, $"More than one {name}");
        }

        foreach (var name in AnswerHeaders)
        {
            if (headers.IndexOf(name, 0) < 0)
                failure.Set(SipParseErrorKind.MissingHeader, 400, $"Missing {name}");
        }

        return !failure.IsSet;
    }

    /// <summary>Looks at every value that matters without making anything of it: most are read later, by who needs them, or never.</summary>
    /// <param name="headers">Those that <see cref="HasIdentity"/> found complete.</param>
    /// <param name="method">Of a request, else null.</param>
    /// <param name="failure">Where what is wrong is noted.</param>
    public static bool IsValid(SipHeaders headers, string? method, SipParseFailure failure)
    {
        if (!AreAll(headers, SipHeaderNames.Via, SipVia.IsValid))
            failure.Set(SipParseErrorKind.Identity, 400, "Malformed Via");
        else if (!AreAll(headers, SipHeaderNames.From, SipNameAddress.IsValid))
            failure.Set(SipParseErrorKind.Identity, 400, "Malformed From");
        else if (!AreAll(headers, SipHeaderNames.To, SipNameAddress.IsValid))
            failure.Set(SipParseErrorKind.Identity, 400, "Malformed To");
        else if (!AreAll(headers, SipHeaderNames.CallId, SipGrammar.IsCallId))
            failure.Set(SipParseErrorKind.Identity, 400, "Malformed Call-ID");
        else if (!TryReadCSeq(headers, out var cseq))
            failure.Set(SipParseErrorKind.Identity, 400, "Malformed CSeq");
        else if (method is not null)
            CheckRequest(headers, method, cseq, failure);
        return !failure.IsSet;
    }

    /// <summary>
    /// Nobody is told who would not understand: ACKs have no response (RFC 3261 section 17), and without a Via and CSeq no client finds
    /// the transaction. From, To and Call-ID are copied as far as they are there (RFC 4475 section 3.3.1).
    /// </summary>
    public static SipResponse? CreateAnswer(string? method, SipHeaders headers, SipParseFailure failure)
    {
        if (method is null or SipMethods.Ack || !headers.Contains(SipHeaderNames.CSeq) || headers.Get(SipHeaderNames.Via) is not { } via)
            return null;

        // A request of another version has a Via of that version, which we need not understand.
        var end = via.AsSpan().IndexOfAny(';', ',');
        if (failure.Kind != SipParseErrorKind.Version && !SipVia.TrySplitSentBy(end < 0 ? via : via.AsSpan(0, end), out _, out _, out _))
            return null;
        var answer = failure.ToResponse();
        foreach (var name in AnswerHeaders)
            answer.Headers.CopyFrom(headers, name);
        if (answer.ToOrNull is { Tag: null } to)
            answer.To = to.WithTag(SipIdentifiers.StatelessTag(headers));
        return answer;
    }

    private static void CheckRequest(SipHeaders headers, string method, CSeq cseq, SipParseFailure failure)
    {
        if (cseq.Method != method)
            failure.Set(SipParseErrorKind.MethodMismatch, 400, "CSeq names another method");
        else if (!AreAll(headers, SipHeaderNames.MaxForwards, static value => SipGrammar.TryParseNumber(value, 255, out _)))
            failure.Set(SipParseErrorKind.HeaderValue, 400, "Malformed Max-Forwards");
        else if (ContactMethods.Contains(method) && !AreContactsValid(headers))
            failure.Set(SipParseErrorKind.HeaderValue, 400, "Malformed Contact");
        else if (!AreAll(headers, SipHeaderNames.RecordRoute, SipNameAddress.IsValid))
            failure.Set(SipParseErrorKind.HeaderValue, 400, "Malformed Record-Route");
        else if (!AreAll(headers, SipHeaderNames.Route, SipNameAddress.IsValid))
            failure.Set(SipParseErrorKind.HeaderValue, 400, "Malformed Route");
    }

    // "*" stands alone (section 20.10).
    private static bool AreContactsValid(SipHeaders headers)
    {
        if (AreAll(headers, SipHeaderNames.Contact, SipNameAddress.IsValid))
            return true;
        return headers.Get(SipHeaderNames.Contact) == "*" && headers.IndexOf(SipHeaderNames.Contact, headers.IndexOf(SipHeaderNames.Contact, 0) + 1) < 0;
    }

    private static bool TryReadCSeq(SipHeaders headers, out CSeq cseq)
    {
        Span<char> scratch = stackalloc char[64];
        return CSeq.TryParse(headers.Slot(headers.IndexOf(SipHeaderNames.CSeq, 0)).Look(scratch), out cseq);
    }

    private static bool AreAll(SipHeaders headers, string name, Rule rule)
    {
        Span<char> scratch = stackalloc char[256];
        for (var i = headers.IndexOf(name, 0); i >= 0; i = headers.IndexOf(name, i + 1))
        {
            if (!rule(headers.Slot(i).Look(scratch)))
                return false;
        }

        return true;
    }
}
