using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace VoiceGateway.GeminiLive;

/// <summary>The opening handshake (RFC 6455 section 4.1): what is asked, and whether the answer agrees.</summary>
internal static class WebSocketUpgrade
{
    /// <summary>A nonce of 16 bytes in base64.</summary>
    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    /// <summary>What the server makes of the key, to show that it understood (section 1.3; SHA-1 protects nothing here).</summary>
    public static string AcceptFor(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));

    /// <param name="uri">Its scheme is <c>ws</c> or <c>wss</c>: what goes through a proxy needs a tunnel, which the transport sees by that.</param>
    /// <param name="headers">Whose credentials let the connection in.</param>
    public static HttpRequestMessage Request(Uri uri, string key, IEnumerable<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);

        // Said here, and first (RFC 9110 section 7.2): which port needs no saying hangs on a scheme that the transport may change.
        string host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        request.Headers.TryAddWithoutValidation("Host", uri.IsDefaultPort ? host : $"{host}:{uri.Port}");
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", key);
        return request;
    }

    /// <param name="headers">Of an answer with status 101.</param>
    /// <exception cref="WebSocketException">It agrees to something else.</exception>
    public static void Check(HttpResponseHeaders headers, string key)
    {
        if (!Values(headers, "Upgrade").Contains("websocket", StringComparer.OrdinalIgnoreCase)) throw Disagreement("Upgrade");
        if (!Values(headers, "Connection").Contains("Upgrade", StringComparer.OrdinalIgnoreCase)) throw Disagreement("Connection");
        if (!Values(headers, "Sec-WebSocket-Accept").SequenceEqual([AcceptFor(key)])) throw Disagreement("Sec-WebSocket-Accept");

        // None was offered.
        if (Values(headers, "Sec-WebSocket-Extensions").Any()) throw Disagreement("Sec-WebSocket-Extensions");
        if (Values(headers, "Sec-WebSocket-Protocol").Any()) throw Disagreement("Sec-WebSocket-Protocol");
    }

    private static IEnumerable<string> Values(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues lines)
            ? lines.SelectMany(line => line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            : [];

    private static WebSocketException Disagreement(string header) =>
        new(WebSocketError.HeaderError, $"the server switched protocols, but its {header} is not that of this WebSocket (RFC 6455 4.1)");
}
