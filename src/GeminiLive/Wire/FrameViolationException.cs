using System.Net.WebSockets;

namespace VoiceGateway.GeminiLive;

/// <summary>The server broke RFC 6455: the connection is failed (section 7.1.7), and the message says which clause.</summary>
/// <param name="status">What the server is told.</param>
internal sealed class FrameViolationException(WebSocketCloseStatus status, string message) : Exception(message)
{
    public WebSocketCloseStatus Status => status;
}
