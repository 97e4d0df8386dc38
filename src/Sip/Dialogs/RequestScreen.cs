namespace VoiceGateway.Sip;

/// <summary>
/// The inspections of RFC 3261 section 8.2 that need no call: method, Request-URI, Require, body. Each says what is wrong and,
/// where the clause wants it, what would be right.
/// </summary>
internal sealed class RequestScreen(SipStack stack)
{
    /// <summary>The refusal, or null for a request that can be served. Not for ACK and CANCEL.</summary>
    public SipResponse? Check(SipRequest request)
    {
        var refusal = CheckMethod(request) ?? CheckTarget(request) ?? CheckRequire(request);
        if (refusal is null && request.Method == SipMethods.Invite)
            refusal = CheckInvite(request);
        if (refusal is not null)
            stack.Counters.Increment(SipCounter.RequestsRefused);
        return refusal;
    }

    // Section 8.2.1.
    private SipResponse? CheckMethod(SipRequest request)
    {
        if (stack.Capabilities.IsAllowed(request.Method))
            return null;
        var response = stack.CreateResponse(request, stack.Capabilities.IsKnown(request.Method) ? 405 : 501);
        stack.Capabilities.PutAllow(response);
        return response;
    }

    // Section 8.2.2.1, and 8.1.1.6 for Max-Forwards: only what begins something can go round in circles, and a BYE has to end its call.
    private SipResponse? CheckTarget(SipRequest request)
    {
        if (stack.Options.RejectZeroMaxForwards && request.MaxForwards == 0 && request.To.Tag is null)
            return stack.CreateResponse(request, 483);
        return request.RequestUri.IsSip || request.RequestUri.IsTel ? null : stack.CreateResponse(request, 416);
    }

    // Section 8.2.2.3.
    private SipResponse? CheckRequire(SipRequest request)
    {
        string[] unknown = [.. request.Headers.GetList(SipHeaderNames.Require).Except(stack.Capabilities.Extensions, StringComparer.OrdinalIgnoreCase)];
        if (unknown.Length == 0)
            return null;
        var response = stack.CreateResponse(request, 420);
        response.Headers.Set(SipHeaderNames.Unsupported, string.Join(", ", unknown));
        return response;
    }

    // Section 8.2.3, and 8.1.1.8 for Contact.
    private SipResponse? CheckInvite(SipRequest request)
    {
        if (!SdpBody.IsSupported(request))
        {
            var response = stack.CreateResponse(request, 415);
            if (SdpBody.IsIdentity(request))
                SipCapabilities.PutAccept(response);
            else
                response.Headers.Set("Accept-Encoding", "identity");
            return response;
        }

        if (request.Contact is not { Uri.IsSip: true })
            return stack.CreateResponse(request, 400, "Missing Contact");
        return SdpBody.Read(request, out var error) is null && error is not null ? stack.CreateResponse(request, 400, "Malformed Session Description") : null;
    }
}
