using System.Net;
using System.Net.WebSockets;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Every row of the table, by a code and a reason as they come from the field, and every row used.</summary>
public sealed class LiveFaultTableTests
{
    public static TheoryData<int?, string?, LiveCloseKind, LiveRetry> Endings => new()
    {
        // 1007: unknown field or enum, contract, context, key.
        { 1007, "Request contains an invalid argument.", LiveCloseKind.ContractViolated, LiveRetry.Never },
        { 1007, "Invalid JSON payload received. Unknown name \"thinkingConfig\" at 'setup.generation_config': Cannot find field.", LiveCloseKind.ContractViolated, LiveRetry.Never },
        { 1007, "Invalid value at 'setup.generation_config.thinking_config.thinking_level'", LiveCloseKind.ContractViolated, LiveRetry.Never },
        { 1007, "realtime_input.media_chunks is deprecated.", LiveCloseKind.ContractViolated, LiveRetry.Never },
        { 1007, "The input token count (131073) exceeds the maximum number of tokens allowed.", LiveCloseKind.ContextExhausted, LiveRetry.FreshSession },
        { 1007, "Too many tokens: 140000", LiveCloseKind.ContextExhausted, LiveRetry.FreshSession },
        { 1007, "exceeds the maximum number of tokens", LiveCloseKind.ContextExhausted, LiveRetry.FreshSession },
        { 1007, "The context window is full.", LiveCloseKind.ContextExhausted, LiveRetry.FreshSession },
        { 1007, "Maximum context length exceeded", LiveCloseKind.ContextExhausted, LiveRetry.FreshSession },
        { 1007, "API key not valid. Please pass a valid API key.", LiveCloseKind.AuthenticationFailed, LiveRetry.Never },
        { 1007, "API_KEY_INVALID", LiveCloseKind.AuthenticationFailed, LiveRetry.Never },
        { 1008, "UNAUTHENTICATED", LiveCloseKind.AuthenticationFailed, LiveRetry.Never },
        { 1008, "Request had invalid authentication credentials.", LiveCloseKind.AuthenticationFailed, LiveRetry.Never },
        { 1008, "Method doesn't allow unregistered callers (callers without established identity).", LiveCloseKind.AuthenticationFailed, LiveRetry.Never },
        { 1008, "ACCESS_TOKEN_EXPIRED", LiveCloseKind.AuthenticationFailed, LiveRetry.Later },
        { 1008, "Auth token expired", LiveCloseKind.AuthenticationFailed, LiveRetry.Later },
        { 1008, "expired token", LiveCloseKind.AuthenticationFailed, LiveRetry.Later },
        { 1007, "token-based requests cannot use project-scoped features such as tuned models", LiveCloseKind.AccessDenied, LiveRetry.Never },
        { 1008, "PERMISSION_DENIED", LiveCloseKind.AccessDenied, LiveRetry.Never },
        { 1008, "The caller does not have permission", LiveCloseKind.AccessDenied, LiveRetry.Never },
        { 1007, "User location is not supported for the API use.", LiveCloseKind.AccessDenied, LiveRetry.Never },
        { 1008, "This API method requires billing to be enabled.", LiveCloseKind.AccessDenied, LiveRetry.Never },
        { 1008, "Your project has been denied access.", LiveCloseKind.AccessDenied, LiveRetry.Never },

        // 1008: not implemented, no model, no entity.
        { 1008, "Operation is not implemented, or supported, or enabled.", LiveCloseKind.NotImplemented, LiveRetry.FreshSession },
        { 1008, "models/x is not found for API version v1beta, or is not supported for bidiGenerateContent.", LiveCloseKind.ModelNotFound, LiveRetry.Never },
        { 1008, "models/x is not supported for bidiGenerateContent", LiveCloseKind.ModelNotFound, LiveRetry.Never },
        { 1008, "Model not found", LiveCloseKind.ModelNotFound, LiveRetry.Never },
        { 1008, "Publisher Model `projects/p/locations/l/publishers/google/models/x` was not found.", LiveCloseKind.ModelNotFound, LiveRetry.Never },
        { 1008, "Requested entity was not found.", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession },
        { 1008, "BidiGenerateContent session not found", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession },
        { 1008, "BidiGenerateContent session expired", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession },
        { 1008, "Invalid session resumption handle", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession },
        { 1007, "Session handle is invalid", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession },
        { 1008, "Something else", LiveCloseKind.PolicyViolated, LiveRetry.Never },
        { 1008, null, LiveCloseKind.PolicyViolated, LiveRetry.Never },

        // 1011: internal, quota or concurrency, a tool result too large, the old socket still open.
        { 1011, "Internal error encountered.", LiveCloseKind.InternalError, LiveRetry.Later },
        { 1011, "Failed to handle the request", LiveCloseKind.InternalError, LiveRetry.Later },
        { 1011, null, LiveCloseKind.InternalError, LiveRetry.Later },
        { 1011, "You exceeded your current quota, please check your plan and billing details.", LiveCloseKind.QuotaExceeded, LiveRetry.Later },
        { 1011, "RESOURCE_EXHAUSTED", LiveCloseKind.QuotaExceeded, LiveRetry.Later },
        { 1011, "Resource has been exhausted.", LiveCloseKind.QuotaExceeded, LiveRetry.Later },
        { 1011, "Rate limit reached", LiveCloseKind.QuotaExceeded, LiveRetry.Later },
        { 1008, "Too many sessions", LiveCloseKind.QuotaExceeded, LiveRetry.Later },
        { 1011, "Maximum of concurrent sessions reached", LiveCloseKind.QuotaExceeded, LiveRetry.Later },
        { 1011, "The service is currently unavailable.", LiveCloseKind.ServiceUnavailable, LiveRetry.Later },
        { 1011, "The model is overloaded.", LiveCloseKind.ServiceUnavailable, LiveRetry.Later },
        { 1011, "Insufficient model resources", LiveCloseKind.ServiceUnavailable, LiveRetry.Later },
        { 1011, "Deadline expired before operation could complete.", LiveCloseKind.ServiceUnavailable, LiveRetry.Later },

        // Teardown, network, and the other codes of RFC 6455.
        { 1008, "Connection aborted because the client failed to close it after receiving GoAway", LiveCloseKind.GoingAway, LiveRetry.Now },
        { 1008, "The maximum session duration is over", LiveCloseKind.GoingAway, LiveRetry.Now },
        { 1000, "The maximum connection duration is over", LiveCloseKind.GoingAway, LiveRetry.Now },
        { 1000, null, LiveCloseKind.ClosedByServer, LiveRetry.Now },
        { 1001, "", LiveCloseKind.GoingAway, LiveRetry.Now },
        { 1002, null, LiveCloseKind.ProtocolViolated, LiveRetry.Never },
        { 1003, null, LiveCloseKind.ProtocolViolated, LiveRetry.Never },
        { 1005, null, LiveCloseKind.ClosedByServer, LiveRetry.Now },
        { 1006, null, LiveCloseKind.NetworkLost, LiveRetry.Now },
        { null, null, LiveCloseKind.NetworkLost, LiveRetry.Now },
        { 1009, null, LiveCloseKind.MessageTooBig, LiveRetry.FreshSession },
        { 1010, null, LiveCloseKind.ContractViolated, LiveRetry.Never },
        { 1012, null, LiveCloseKind.ServiceUnavailable, LiveRetry.Later },
        { 1013, null, LiveCloseKind.ServiceUnavailable, LiveRetry.Later },
        { 1014, null, LiveCloseKind.ServiceUnavailable, LiveRetry.Later },
        { 1015, null, LiveCloseKind.TlsFailed, LiveRetry.Never },
        { 3000, null, LiveCloseKind.AuthenticationFailed, LiveRetry.Never },
        { 3003, null, LiveCloseKind.AccessDenied, LiveRetry.Never },
        { 3008, null, LiveCloseKind.ServiceUnavailable, LiveRetry.Later },
        { 4321, "whatever", LiveCloseKind.Unknown, LiveRetry.Later },
    };

    public static TheoryData<int, LiveCloseKind, LiveRetry> Refusals => new()
    {
        { 400, LiveCloseKind.ContractViolated, LiveRetry.Never },
        { 401, LiveCloseKind.AuthenticationFailed, LiveRetry.Never },
        { 403, LiveCloseKind.AuthenticationFailed, LiveRetry.Never },
        { 404, LiveCloseKind.EndpointNotFound, LiveRetry.Never },
        { 408, LiveCloseKind.ServiceUnavailable, LiveRetry.Later },
        { 425, LiveCloseKind.ServiceUnavailable, LiveRetry.Later },
        { 429, LiveCloseKind.QuotaExceeded, LiveRetry.Later },
        { 500, LiveCloseKind.InternalError, LiveRetry.Later },
        { 502, LiveCloseKind.ServiceUnavailable, LiveRetry.Later },
        { 503, LiveCloseKind.ServiceUnavailable, LiveRetry.Later },
        { 504, LiveCloseKind.ServiceUnavailable, LiveRetry.Later },
        { 302, LiveCloseKind.UpgradeRefused, LiveRetry.Never },
        { 200, LiveCloseKind.UpgradeRefused, LiveRetry.Never },
        { 599, LiveCloseKind.UpgradeRefused, LiveRetry.Later },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public void Close_ByCodeAndReason_IsClassified(int? code, string? reason, LiveCloseKind kind, LiveRetry retry)
    {
        LiveClose close = LiveFaults.FromClose(code, reason);
        Assert.Equal((kind, retry), (close.Kind, close.Retry));
        Assert.Equal((code, reason), (close.Code, close.Reason));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Upgrade_ByStatus_IsClassified(int status, LiveCloseKind kind, LiveRetry retry)
    {
        LiveFailure failure = LiveFaults.FromUpgrade((HttpStatusCode)status, null, new WebSocketException("no"));
        Assert.Equal((kind, retry, status), (failure.Kind, failure.Retry, failure.HttpStatus));
    }

    [Fact]
    public void Rows_EveryOne_IsReachedByAnEndingAbove()
    {
        var reached = Endings.Select(ending => LiveFaultTable.FindClose((int?)ending[0], (string?)ending[1])).ToHashSet();
        Assert.Empty(Enumerable.Range(0, LiveFaultTable.Closes.Count).Except(reached).Select(row => LiveFaultTable.Closes[row]));
        Assert.Empty(LiveFaultTable.Upgrades.Select(row => row.Status).Except(Refusals.Select(refusal => (int)refusal[0])));
    }
}
