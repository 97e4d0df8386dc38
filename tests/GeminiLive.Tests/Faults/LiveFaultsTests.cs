using System.Net;
using System.Net.WebSockets;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class LiveFaultsTests
{
    [Theory]
    [InlineData(1000, null, LiveCloseKind.ClosedByServer, LiveRetry.Now)]
    [InlineData(1001, "", LiveCloseKind.GoingAway, LiveRetry.Now)]
    [InlineData(1002, null, LiveCloseKind.ProtocolViolated, LiveRetry.Never)]
    [InlineData(1003, null, LiveCloseKind.ProtocolViolated, LiveRetry.Never)]
    [InlineData(1005, null, LiveCloseKind.ClosedByServer, LiveRetry.Now)]
    [InlineData(null, null, LiveCloseKind.NetworkLost, LiveRetry.Now)]
    [InlineData(1006, null, LiveCloseKind.NetworkLost, LiveRetry.Now)]
    [InlineData(1007, "Request contains an invalid argument.", LiveCloseKind.ContractViolated, LiveRetry.Never)]
    [InlineData(1007, "Invalid JSON payload received. Unknown name \"thinkingConfig\"", LiveCloseKind.ContractViolated, LiveRetry.Never)]
    [InlineData(1007, "API key not valid. Please pass a valid API key.", LiveCloseKind.AuthenticationFailed, LiveRetry.Never)]
    [InlineData(1007, "User location is not supported for the API use.", LiveCloseKind.AccessDenied, LiveRetry.Never)]
    [InlineData(1007, "The input token count (131073) exceeds the maximum number of tokens allowed.", LiveCloseKind.ContextExhausted, LiveRetry.FreshSession)]
    [InlineData(1008, "Operation is not implemented, or supported, or enabled.", LiveCloseKind.NotImplemented, LiveRetry.FreshSession)]
    [InlineData(1008, "models/x is not found for API version v1beta, or is not supported for bidiGenerateContent.", LiveCloseKind.ModelNotFound, LiveRetry.Never)]
    [InlineData(1008, "Model not found", LiveCloseKind.ModelNotFound, LiveRetry.Never)]
    [InlineData(1008, "Requested entity was not found.", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession)]
    [InlineData(1008, "Something else", LiveCloseKind.PolicyViolated, LiveRetry.Never)]
    [InlineData(1008, "Invalid session resumption handle", LiveCloseKind.EntityNotFound, LiveRetry.FreshSession)]
    [InlineData(1011, "Failed to handle the request", LiveCloseKind.InternalError, LiveRetry.Later)]
    [InlineData(1009, null, LiveCloseKind.MessageTooBig, LiveRetry.FreshSession)]
    [InlineData(1010, null, LiveCloseKind.ContractViolated, LiveRetry.Never)]
    [InlineData(1011, "Internal error encountered.", LiveCloseKind.InternalError, LiveRetry.Later)]
    [InlineData(1011, "You exceeded your current quota, please check your plan and billing details.", LiveCloseKind.QuotaExceeded, LiveRetry.Later)]
    [InlineData(1011, "RESOURCE_EXHAUSTED", LiveCloseKind.QuotaExceeded, LiveRetry.Later)]
    [InlineData(1008, "Too many concurrent sessions", LiveCloseKind.QuotaExceeded, LiveRetry.Later)]
    [InlineData(1011, "The service is currently unavailable.", LiveCloseKind.ServiceUnavailable, LiveRetry.Later)]
    [InlineData(1011, "Deadline expired before operation could complete.", LiveCloseKind.ServiceUnavailable, LiveRetry.Later)]
    [InlineData(1012, null, LiveCloseKind.ServiceUnavailable, LiveRetry.Later)]
    [InlineData(1013, null, LiveCloseKind.ServiceUnavailable, LiveRetry.Later)]
    [InlineData(4321, "whatever", LiveCloseKind.Unknown, LiveRetry.Later)]
    public void Close_ByCodeAndReason_IsClassified(int? code, string? reason, LiveCloseKind kind, LiveRetry retry)
    {
        LiveClose close = LiveFaults.FromClose(code, reason);
        Assert.Equal((kind, retry), (close.Kind, close.Retry));
        Assert.Equal((code, reason), (close.Code, close.Reason));
    }

    [Theory]
    [InlineData(400, LiveCloseKind.ContractViolated, LiveRetry.Never)]
    [InlineData(401, LiveCloseKind.AuthenticationFailed, LiveRetry.Never)]
    [InlineData(403, LiveCloseKind.AuthenticationFailed, LiveRetry.Never)]
    [InlineData(404, LiveCloseKind.EndpointNotFound, LiveRetry.Never)]
    [InlineData(429, LiveCloseKind.QuotaExceeded, LiveRetry.Later)]
    [InlineData(500, LiveCloseKind.InternalError, LiveRetry.Later)]
    [InlineData(503, LiveCloseKind.ServiceUnavailable, LiveRetry.Later)]
    [InlineData(302, LiveCloseKind.UpgradeRefused, LiveRetry.Never)]
    [InlineData(200, LiveCloseKind.UpgradeRefused, LiveRetry.Never)]
    [InlineData(599, LiveCloseKind.UpgradeRefused, LiveRetry.Later)]
    public void Upgrade_ByStatus_IsClassified(int status, LiveCloseKind kind, LiveRetry retry)
    {
        LiveFailure failure = LiveFaults.FromUpgrade((HttpStatusCode)status, null, new WebSocketException("no"));
        Assert.Equal((kind, retry, status), (failure.Kind, failure.Retry, failure.HttpStatus));
    }

    [Fact]
    public void Transport_BreaksBehindACloseFrame_TheFrameExplains()
    {
        var fault = new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        LiveClose close = LiveFaults.FromTransport(fault, WebSocketCloseStatus.InternalServerError, "quota");
        Assert.Equal((LiveCloseKind.QuotaExceeded, 1011, fault), (close.Kind, close.Code, close.Exception));
        Assert.Equal(LiveCloseKind.NetworkLost, LiveFaults.FromTransport(fault, null, null).Kind);
    }

    [Theory]
    [InlineData(1008, "Requested entity was not found.", false, LiveRetry.Never)]
    [InlineData(1008, "Requested entity was not found.", true, LiveRetry.FreshSession)]
    [InlineData(1011, "Internal error", false, LiveRetry.Later)]
    [InlineData(1000, null, false, LiveRetry.Later)]
    [InlineData(1007, "bad", true, LiveRetry.Never)]
    public void Setup_Refused_IsOnlyRetriedWhereSomethingWouldChange(int code, string? reason, bool resuming, LiveRetry retry) =>
        Assert.Equal(retry, LiveFaults.FromSetup(LiveFaults.FromClose(code, reason), resuming).Retry);

    [Fact]
    public void Kinds_EveryOne_CanHappen()
    {
        int[] codes = [1000, 1001, 1002, 1006, 1007, 1008, 1009, 1011, 1012, 1015, 4000];
        string?[] reasons = [null, "quota", "API key", "permission", "token count", "model not found", "entity was not found", "is not implemented"];
        int[] statuses = [400, 401, 404, 418, 429, 500, 503];
        var seen = new HashSet<LiveCloseKind>(codes.SelectMany(code => reasons.Select(reason => LiveFaults.FromClose(code, reason).Kind)));
        seen.UnionWith(statuses.Select(status => LiveFaults.FromUpgrade((HttpStatusCode)status, null, new WebSocketException()).Kind));
        seen.UnionWith([
            LiveFaults.Here().Kind,
            LiveFaults.SetupTimedOut(default).Kind,
            LiveFaults.ConnectTimedOut(default).Kind,
            LiveFaults.Configuration("x").Kind,
            LiveFaults.Handler(new InvalidOperationException()).Kind,
        ]);
        Assert.Equal(Enum.GetValues<LiveCloseKind>().Order(), seen.Order());
    }
}
