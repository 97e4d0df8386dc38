using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// The table of endings: close code and reason text to kind and advice, read from the top, first match decides.
/// The texts are what was seen in the field; a code alone says too little, for 1007 and 1008 mean half a dozen things.
/// </summary>
internal static class LiveFaults
{
    private static readonly (int? Code, string? Text, LiveCloseKind Kind, LiveRetry Retry)[] Closes =
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

    private static readonly (int Status, LiveCloseKind Kind, LiveRetry Retry)[] Upgrades =
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

    public static LiveClose FromClose(int? code, string? reason, Exception? exception = null)
    {
        int known = code ?? 1006;
        foreach (var row in Closes)
        {
            if (row.Code is { } wanted && wanted != known) continue;
            if (row.Text is { } text && reason?.Contains(text, StringComparison.OrdinalIgnoreCase) != true) continue;
            return new LiveClose(row.Kind, code, reason, exception) { Retry = row.Retry };
        }

        return new LiveClose(LiveCloseKind.Unknown, code, reason, exception) { Retry = LiveRetry.Later };
    }

    /// <summary>The connection broke. If a close frame had come before, that is the better explanation.</summary>
    public static LiveClose FromTransport(Exception fault, WebSocketCloseStatus? status, string? reason)
    {
        if (status is { } code) return FromClose((int)code, reason, fault);

        return fault is WebSocketException
        {
            WebSocketErrorCode: WebSocketError.Faulted or WebSocketError.HeaderError or WebSocketError.InvalidMessageType
                or WebSocketError.UnsupportedProtocol or WebSocketError.UnsupportedVersion,
            InnerException: null,
        }
            ? new LiveClose(LiveCloseKind.ProtocolViolated, null, fault.Message, fault) { Retry = LiveRetry.Never }
            : new LiveClose(LiveCloseKind.NetworkLost, null, ExplainLoss(fault), fault) { Retry = LiveRetry.Now };
    }

    // The framework blames the remote party whatever happened; the innermost fault knows better. "Aborted" was our doing.
    private static string ExplainLoss(Exception fault) => fault.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.OperationAborted } =>
            "given up here: the peer acknowledged nothing, or sending had failed",
        SocketException socket => socket.Message,
        _ => fault.Message,
    };

    public static LiveClose Here() => new(LiveCloseKind.ClosedHere, 1000, null, null) { Retry = LiveRetry.Never };

    public static LiveClose SetupTimedOut(TimeSpan waited) =>
        new(LiveCloseKind.SetupTimedOut, null, $"no setupComplete within {waited.TotalSeconds:0.#} s", null) { Retry = LiveRetry.Later };

    public static LiveClose TooBig(int limit) =>
        new(LiveCloseKind.MessageTooBig, null, $"a server message is longer than {limit} bytes", null) { Retry = LiveRetry.FreshSession };

    public static LiveClose Malformed(int count) =>
        new(LiveCloseKind.ProtocolViolated, null, $"{count} messages in a row were no JSON object", null) { Retry = LiveRetry.Never };

    public static LiveClose Handler(Exception fault) =>
        new(LiveCloseKind.HandlerFailed, null, "the session's handler threw", fault) { Retry = LiveRetry.Now };

    public static LiveFailure Configuration(string reason) =>
        new(LiveCloseKind.InvalidConfiguration, null, null, reason, null) { Retry = LiveRetry.Never };

    public static LiveFailure NoToken(string reason, LiveRetry retry) =>
        new(LiveCloseKind.AuthenticationFailed, null, null, reason, null) { Retry = retry };

    public static LiveFailure ConnectTimedOut(TimeSpan waited) =>
        new(LiveCloseKind.ConnectTimedOut, null, null, $"no connection within {waited.TotalSeconds:0.#} s", null) { Retry = LiveRetry.Later };

    public static LiveFailure FromUpgrade(HttpStatusCode status, TimeSpan? retryAfter, Exception fault)
    {
        foreach (var row in Upgrades)
        {
            if (row.Status == (int)status)
                return new LiveFailure(row.Kind, (int)status, null, fault.Message, fault) { Retry = row.Retry, RetryAfter = retryAfter };
        }

        LiveRetry retry = (int)status >= 500 ? LiveRetry.Later : LiveRetry.Never;
        return new LiveFailure(LiveCloseKind.UpgradeRefused, (int)status, null, fault.Message, fault) { Retry = retry, RetryAfter = retryAfter };
    }

    public static LiveFailure FromConnect(Exception fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
                return new LiveFailure(LiveCloseKind.TlsFailed, null, null, cause.Message, fault) { Retry = LiveRetry.Never };
            if (cause is SocketException)
                return new LiveFailure(LiveCloseKind.NetworkLost, null, null, cause.Message, fault) { Retry = LiveRetry.Later };
        }

        return new LiveFailure(LiveCloseKind.NetworkLost, null, null, fault.Message, fault) { Retry = LiveRetry.Later };
    }

    /// <summary>A close before <c>setupComplete</c>. What only a fresh session would cure is final when this was one.</summary>
    public static LiveFailure FromSetup(LiveClose close, bool resuming)
    {
        LiveRetry retry = close.Retry switch
        {
            LiveRetry.FreshSession when !resuming => LiveRetry.Never,
            LiveRetry.Now => LiveRetry.Later,
            _ => close.Retry,
        };
        return new LiveFailure(close.Kind, null, close.Code, close.Reason, close.Exception) { Retry = retry };
    }
}
