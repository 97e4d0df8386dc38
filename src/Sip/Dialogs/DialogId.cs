namespace VoiceGateway.Sip;

/// <summary>RFC 3261 section 12: Call-ID and both tags. An RFC 2543 peer may have no tag, which counts as an empty one.</summary>
internal readonly record struct DialogId(string CallId, string LocalTag, string RemoteTag)
{
    /// <summary>The dialog that a request received within it names.</summary>
    public static DialogId OfRequest(SipRequest request) => new(request.CallId, request.To.Tag ?? "", request.From.Tag ?? "");

    /// <summary>The dialog that a response to our request establishes or names.</summary>
    public static DialogId OfResponse(SipResponse response) => new(response.CallId, response.From.Tag ?? "", response.To.Tag ?? "");
}
