namespace VoiceGateway.GeminiLive;

/// <summary>
/// The table of endings: close code and reason text to kind and advice, read from the top, first match decides.
/// The texts are what was seen in the field; a code alone says too little, for 1007 and 1008 mean half a dozen things.
/// </summary>
internal static class LiveFaultTable
{
    internal static readonly IReadOnlyList<(int? Code, string? Text, LiveCloseKind Kind, LiveRetry Retry)> Closes =
    [
        (null, "too many tokens", LiveCloseKind.ContextExhausted, LiveRetry.FreshSession),
        (null, "quota", LiveCloseKind.QuotaExceeded, LiveRetry.Later),
        (null, "RESOURCE_EXHAUSTED", LiveCloseKind.QuotaExceeded, LiveRetry.Later),
        (null, "resource has been exhausted", LiveCloseKind.QuotaExceeded, LiveRetry.Later),
        (null, "rate limit", LiveCloseKind.QuotaExceeded, LiveRetry.Later),
        (null, "too many", LiveCloseKind.QuotaExceeded, LiveRetry.Later),
        (null, "concurrent", LiveCloseKind.QuotaExceeded, LiveRetry.Later),

        (null, "API key", LiveCloseKind.AuthenticationFailed, LiveRetry.Never),
        (null, "API_KEY", LiveCloseKind.AuthenticationFailed, LiveRetry.Never),
        (null, "UNAUTHENTICATED", LiveCloseKind.AuthenticationFailed, LiveRetry.Never),
        (null, "authentication credential", LiveCloseKind.AuthenticationFailed, LiveRetry.Never),
        (null, "unregistered callers", LiveCloseKind.AuthenticationFailed, LiveRetry.Never),
        (null, "ACCESS_TOKEN", LiveCloseKind.AuthenticationFailed, LiveRetry.Later),
        (null, "token expired", LiveCloseKind.AuthenticationFailed, LiveRetry.Later),
        (null, "expired token", LiveCloseKind.AuthenticationFailed, LiveRetry.Later),
        (null, "token-based requests", LiveCloseKind.AccessDenied, LiveRetry.Never),
        (null, "PERMISSION_DENIED", LiveCloseKind.AccessDenied, LiveRetry.Never),
        (null, "permission", LiveCloseKind.AccessDenied, LiveRetry.Never),
        (null, "location is not supported", LiveCloseKind.AccessDenied, LiveRetry.Never),
        (null, "billing", LiveCloseKind.AccessDenied, LiveRetry.Never),
        (null, "denied access", LiveCloseKind.AccessDenied, LiveRetry.Never),

        (null, "token count", LiveCloseKind.ContextExhausted, LiveRetry.FreshSession),
        (null, "number of tokens", LiveCloseKind.ContextExhausted, LiveRetry.FreshSession),
        (null, "context window", LiveCloseKind.ContextExhausted, LiveRetry.FreshSession),
        (null, "context length", LiveCloseKind.ContextExhausted, LiveRetry.FreshSession),

        (null, "is not found for API version", LiveCloseKind.ModelNotFound, LiveRetry.Never),
        (null, "not supported for bidiGenerateContent", LiveCloseKind.ModelNotFound, LiveRetry.Never),
        (null, "model not found", LiveCloseKind.ModelNotFound, LiveRetry.Never),
        (null, "publisher model", LiveCloseKind.ModelNotFound, LiveRetry.Never),
        (null, "entity was not found", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession),
        (null, "session not found", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession),
        (null, "session expired", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession),
        (null, "resumption handle", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession),
        (null, "session handle", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession),
        (null, "is not implemented", LiveCloseKind.NotImplemented, LiveRetry.FreshSession),

        (null, "GoAway", LiveCloseKind.GoingAway, LiveRetry.Now),
        (null, "session duration", LiveCloseKind.GoingAway, LiveRetry.Now),
        (null, "connection duration", LiveCloseKind.GoingAway, LiveRetry.Now),
        (1011, "unavailable", LiveCloseKind.ServiceUnavailable, LiveRetry.Later),
        (1011, "overloaded", LiveCloseKind.ServiceUnavailable, LiveRetry.Later),
        (1011, "insufficient", LiveCloseKind.ServiceUnavailable, LiveRetry.Later),
        (1011, "deadline", LiveCloseKind.ServiceUnavailable, LiveRetry.Later),

        // RFC 6455 7.4.1 and the IANA registry of close codes.
        (1000, null, LiveCloseKind.ClosedByServer, LiveRetry.Now),
        (1001, null, LiveCloseKind.GoingAway, LiveRetry.Now),
        (1002, null, LiveCloseKind.ProtocolViolated, LiveRetry.Never),
        (1003, null, LiveCloseKind.ProtocolViolated, LiveRetry.Never),
        (1005, null, LiveCloseKind.ClosedByServer, LiveRetry.Now),
        (1006, null, LiveCloseKind.NetworkLost, LiveRetry.Now),
        (1007, null, LiveCloseKind.ContractViolated, LiveRetry.Never),
        (1008, null, LiveCloseKind.PolicyViolated, LiveRetry.Never),
        (1009, null, LiveCloseKind.MessageTooBig, LiveRetry.FreshSession),
        (1010, null, LiveCloseKind.ContractViolated, LiveRetry.Never),
        (1011, null, LiveCloseKind.InternalError, LiveRetry.Later),
        (1012, null, LiveCloseKind.ServiceUnavailable, LiveRetry.Later),
        (1013, null, LiveCloseKind.ServiceUnavailable, LiveRetry.Later),
        (1014, null, LiveCloseKind.ServiceUnavailable, LiveRetry.Later),
        (1015, null, LiveCloseKind.TlsFailed, LiveRetry.Never),
        (3000, null, LiveCloseKind.AuthenticationFailed, LiveRetry.Never),
        (3003, null, LiveCloseKind.AccessDenied, LiveRetry.Never),
        (3008, null, LiveCloseKind.ServiceUnavailable, LiveRetry.Later),
    ];

    internal static readonly IReadOnlyList<(int Status, LiveCloseKind Kind, LiveRetry Retry)> Upgrades =
    [
        (400, LiveCloseKind.ContractViolated, LiveRetry.Never),
        (401, LiveCloseKind.AuthenticationFailed, LiveRetry.Never),
        (403, LiveCloseKind.AuthenticationFailed, LiveRetry.Never),
        (404, LiveCloseKind.EndpointNotFound, LiveRetry.Never),
        (408, LiveCloseKind.ServiceUnavailable, LiveRetry.Later),
        (425, LiveCloseKind.ServiceUnavailable, LiveRetry.Later),
        (429, LiveCloseKind.QuotaExceeded, LiveRetry.Later),
        (500, LiveCloseKind.InternalError, LiveRetry.Later),
        (502, LiveCloseKind.ServiceUnavailable, LiveRetry.Later),
        (503, LiveCloseKind.ServiceUnavailable, LiveRetry.Later),
        (504, LiveCloseKind.ServiceUnavailable, LiveRetry.Later),
    ];

    /// <returns>The row that decides, or -1.</returns>
    /// <param name="code">Null: no close frame came (1006).</param>
    public static int FindClose(int? code, string? reason)
    {
        int known = code ?? 1006;
        for (int row = 0; row < Closes.Count; row++)
        {
            if (Closes[row].Code is { } wanted && wanted != known) continue;
            if (Closes[row].Text is { } text && reason?.Contains(text, StringComparison.OrdinalIgnoreCase) != true) continue;
            return row;
        }

        return -1;
    }
}
