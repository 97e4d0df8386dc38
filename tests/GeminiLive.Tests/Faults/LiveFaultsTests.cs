using System.Net;
using System.Net.WebSockets;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class LiveFaultsTests
{
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
            LiveFaults.Defect(new InvalidOperationException()).Kind,
        ]);
        Assert.Equal(Enum.GetValues<LiveCloseKind>().Order(), seen.Order());
    }
}
