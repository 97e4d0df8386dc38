using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace VoiceGateway.GeminiLive;

/// <summary>Makes the record of an ending or a failure; what it means is in <see cref="LiveFaultTable"/>.</summary>
internal static class LiveFaults
{
    public static LiveClose FromClose(int? code, string? reason, Exception? exception = null)
    {
        int row = LiveFaultTable.FindClose(code, reason);
        var (kind, retry) = row < 0
            ? (LiveCloseKind.Unknown, LiveRetry.Later)
            : (LiveFaultTable.Closes[row].Kind, LiveFaultTable.Closes[row].Retry);
        return new LiveClose(kind, code, reason, exception) { Retry = retry };
    }

    /// <summary>The connection broke. If a close frame had come before, that is the better explanation.</summary>
    public static LiveClose FromTransport(Exception fault, WebSocketCloseStatus? status, string? reason)
    {
        if (status is { } code) return FromClose((int)code, reason, fault);

        return fault is FrameViolationException
            ? new LiveClose(LiveCloseKind.ProtocolViolated, null, fault.Message, fault) { Retry = LiveRetry.Never }
            : new LiveClose(LiveCloseKind.NetworkLost, null, ExplainLoss(fault), fault) { Retry = LiveRetry.Now };
    }

    // The innermost fault knows best. "Aborted" was our doing.
    private static string ExplainLoss(Exception fault) => fault.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.OperationAborted } or ObjectDisposedException =>
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

    public static LiveClose Defect(Exception fault) =>
        new(LiveCloseKind.Defect, null, "a defect on this side", fault) { Retry = LiveRetry.Now };

    public static LiveFailure Configuration(string reason) =>
        new(LiveCloseKind.InvalidConfiguration, null, null, reason, null) { Retry = LiveRetry.Never };

    public static LiveFailure NoToken(string reason, LiveRetry retry) =>
        new(LiveCloseKind.AuthenticationFailed, null, null, reason, null) { Retry = retry };

    public static LiveFailure ConnectTimedOut(TimeSpan waited) =>
        new(LiveCloseKind.ConnectTimedOut, null, null, $"no connection within {waited.TotalSeconds:0.#} s", null) { Retry = LiveRetry.Later };

    public static LiveFailure FromUpgrade(HttpStatusCode status, TimeSpan? retryAfter, Exception fault)
    {
        foreach (var row in LiveFaultTable.Upgrades)
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
