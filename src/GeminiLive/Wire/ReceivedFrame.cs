namespace VoiceGateway.GeminiLive;

/// <summary>What the server said: a piece of a message, or a control frame.</summary>
/// <param name="Opcode">Of the message: a continuation has that of its beginning.</param>
/// <param name="Count">Bytes that were added to the message.</param>
/// <param name="EndOfMessage">Nothing more belongs to the message.</param>
/// <param name="Control">A control frame's payload, valid until the next frame is read.</param>
internal readonly record struct ReceivedFrame(WebSocketOpcode Opcode, int Count, bool EndOfMessage, ReadOnlyMemory<byte> Control);
