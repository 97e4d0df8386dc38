namespace VoiceGateway.Sip;

/// <summary>A request that arrives twice by different paths has another branch but the same of these (RFC 3261 section 8.2.2.2).</summary>
internal readonly record struct MergeKey(string CallId, string FromTag, CSeq CSeq)
{
    public static MergeKey? Of(SipRequest request) =>
        request.To.Tag is null && request.From.Tag is { } fromTag ? new MergeKey(request.CallId, fromTag, request.CSeq) : null;
}
