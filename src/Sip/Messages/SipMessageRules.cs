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

    public static bool IsNeededToAnswer(string name) => AnswerHeaders.Contains(name);

    public static bool HasIdentity(SipHeaders headers, SipParseFailure failure)
    {
        foreach (var name in SingleHeaders)
        {
            if (headers.GetAll(name).Skip(1).Any())
                failure.Set(SipParseErrorKind.DuplicateHeader, 400, $"More than one {name}");
        }

        foreach (var name in AnswerHeaders)
        {
            if (!headers.Contains(name))
                failure.Set(SipParseErrorKind.MissingHeader, 400, $"Missing {name}");
        }

        return !failure.IsSet;
    }

    public static bool IsValid(SipMessage message, SipParseFailure failure)
    {
        if (message.Vias.Count != message.Headers.GetAll(SipHeaderNames.Via).Count())
            failure.Set(SipParseErrorKind.Identity, 400, "Malformed Via");
        else if (message.FromOrNull is null)
            failure.Set(SipParseErrorKind.Identity, 400, "Malformed From");
        else if (message.ToOrNull is null)
            failure.Set(SipParseErrorKind.Identity, 400, "Malformed To");
        else if (!SipGrammar.IsCallId(message.CallId))
            failure.Set(SipParseErrorKind.Identity, 400, "Malformed Call-ID");
        else if (message.CSeqOrNull is not { } cseq)
            failure.Set(SipParseErrorKind.Identity, 400, "Malformed CSeq");
        else if (message is SipRequest request)
            CheckRequest(request, cseq, failure);
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
        if (failure.Kind != SipParseErrorKind.Version && !SipVia.TryParseSentBy(end < 0 ? via : via.AsSpan(0, end), out _, out _, out _))
            return null;
        var answer = failure.ToResponse();
        foreach (var name in AnswerHeaders)
            answer.Headers.CopyFrom(headers, name);
        if (answer.ToOrNull is { Tag: null } to)
            answer.To = to.WithTag(SipIdentifiers.StatelessTag(headers));
        return answer;
    }

    private static void CheckRequest(SipRequest request, CSeq cseq, SipParseFailure failure)
    {
        if (cseq.Method != request.Method)
            failure.Set(SipParseErrorKind.MethodMismatch, 400, "CSeq names another method");
        else if (request.Headers.Contains(SipHeaderNames.MaxForwards) && request.MaxForwards is null)
            failure.Set(SipParseErrorKind.HeaderValue, 400, "Malformed Max-Forwards");
        else if (ContactMethods.Contains(request.Method) && !AreContactsValid(request))
            failure.Set(SipParseErrorKind.HeaderValue, 400, "Malformed Contact");
        else if (request.RecordRoutes.Count != request.Headers.GetAll(SipHeaderNames.RecordRoute).Count())
            failure.Set(SipParseErrorKind.HeaderValue, 400, "Malformed Record-Route");
        else if (request.Routes.Count != request.Headers.GetAll(SipHeaderNames.Route).Count())
            failure.Set(SipParseErrorKind.HeaderValue, 400, "Malformed Route");
    }

    // "*" stands alone (section 20.10).
    private static bool AreContactsValid(SipRequest request)
    {
        var count = request.Headers.GetAll(SipHeaderNames.Contact).Count();
        return request.Contacts.Count == count || (count == 1 && request.HasWildcardContact);
    }
}
