using System.Net;
using System.Net.WebSockets;

namespace VoiceGateway.GeminiLive;

/// <summary>TCP, TLS and the upgrade: an open socket, or why not.</summary>
internal static class LiveConnector
{
    public static async Task<(LiveWebSocket? Socket, LiveFailure? Failure)> OpenAsync(
        LiveEndpoint endpoint, LiveSessionOptions options, CancellationToken cancellationToken)
    {
        HttpMessageInvoker invoker = options.Invoker ?? (options.Trust ?? LiveTrust.OfSystem).TransportFor(endpoint.BaseUri);
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        string key = WebSocketUpgrade.NewKey();
        using HttpRequestMessage request = WebSocketUpgrade.Request(endpoint.ConnectUri, key, endpoint.CredentialHeaders());
        HttpResponseMessage? response = null;
        try
        {
            response = await invoker.SendAsync(request, either.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
            {
                WebSocketUpgrade.Check(response.Headers, key);

                // Owned by the socket from here on: the response is but its wrapping.
                return (new LiveWebSocket(response.Content.ReadAsStream(CancellationToken.None), options.BufferPool), null);
            }

            var refusal = new WebSocketException(
                WebSocketError.NotAWebSocket, $"The server returned status code '{(int)response.StatusCode}' when status code '101' was expected.");
            LiveFailure failure = LiveFaults.FromUpgrade(response.StatusCode, RetryAfter(response, options.TimeProvider), refusal);
            response.Dispose();
            return (null, failure);
        }
        catch (Exception fault)
        {
            response?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            return (null, timeout.IsCancellationRequested ? LiveFaults.ConnectTimedOut(options.ConnectTimeout) : LiveFaults.FromConnect(fault));
        }
    }

    // RFC 9110 10.2.3: seconds or a date.
    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        string? value = response.Headers.NonValidated.TryGetValues("Retry-After", out var values) ? values.FirstOrDefault() : null;
        if (int.TryParse(value, out int seconds) && seconds >= 0) return TimeSpan.FromSeconds(seconds);
        if (!DateTimeOffset.TryParse(value, out DateTimeOffset date)) return null;

        TimeSpan left = date - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
