namespace VoiceGateway.GeminiLive;

/// <summary>RFC 6455 section 11.8. From <see cref="Close"/> on they are control frames.</summary>
internal enum WebSocketOpcode : byte
{
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}
