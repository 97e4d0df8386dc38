using System.Net;
using System.Net.WebSockets;

namespace VoiceGateway.GeminiLive;

/// <summary>TCP, TLS and the upgrade: an open socket, or why not.</summary>
internal static class LiveConnector
{
    public static async Task<(ClientWebSocket? Socket, LiveFailure? Failure)> OpenAsync(
        LiveEndpoint endpoint, LiveSessionOptions options, CancellationToken cancellationToken)
    {
        ClientWebSocket socket = Create(endpoint);
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(endpoint.ConnectUri, options.Invoker ?? (options.Trust ?? LiveTrust.OfSystem).TransportFor(endpoint.BaseUri), either.Token).ConfigureAwait(false);
            socket.HttpResponseHeaders = null;
            return (socket, null);
        }
        catch (Exception fault)
        {
            LiveFailure failure = Explain(socket, fault, timeout.IsCancellationRequested, options);
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            return (null, failure);
        }
    }

    internal static ClientWebSocket Create(LiveEndpoint endpoint)
    {
        var socket = new ClientWebSocket();

        // KeepAliveTimeout stays unset: the API's pongs take up to 30 s under load, and a deadline would cut the call.
        socket.Options.CollectHttpResponseDetails = true;
        foreach ((string name, string value) in endpoint.CredentialHeaders()) socket.Options.SetRequestHeader(name, value);
        return socket;
    }

    private static LiveFailure Explain(ClientWebSocket socket, Exception fault, bool timedOut, LiveSessionOptions options)
    {
        if (socket.HttpStatusCode is not (0 or HttpStatusCode.SwitchingProtocols))
            return LiveFaults.FromUpgrade(socket.HttpStatusCode, RetryAfter(socket, options.TimeProvider), fault);

        return timedOut ? LiveFaults.ConnectTimedOut(options.ConnectTimeout) : LiveFaults.FromConnect(fault);
    }

    // RFC 9110 10.2.3: seconds or a date.
    private static TimeSpan? RetryAfter(ClientWebSocket socket, TimeProvider time)
    {
        string? value = socket.HttpResponseHeaders?
            .FirstOrDefault(header => header.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
        if (int.TryParse(value, out int seconds) && seconds >= 0) return TimeSpan.FromSeconds(seconds);
        if (!DateTimeOffset.TryParse(value, out DateTimeOffset date)) return null;

        TimeSpan left = date - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
