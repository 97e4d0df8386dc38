namespace VoiceGateway.GeminiLive;

/// <summary>
/// The receive loop: frames into one pooled buffer until a message is whole, then parse and dispatch on this thread; pings are answered
/// by way of the writer. Between messages it holds no buffer, nor do the socket and the TLS stream below: a connection is silent most of
/// the time. No receive is ever cancelled; whoever wants an end aborts the socket.
/// </summary>
internal sealed class LiveReceiver(
    LiveWebSocket socket,
    LiveWriter writer,
    LiveSessionOptions options,
    LiveSessionCounters counters,
    ILiveSessionHandler handler,
    Action<ServerMessage> onParsed)
{
    // To begin with; 40 ms of audio in base64, with its JSON.
    private const int UsualBytes = 4096;

    private int _malformedInARow;
    private long _lastReceived = options.TimeProvider.GetTimestamp();

    /// <summary>Timestamp of the last frame, or fragment of one; of the connection's start before any.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    /// <summary>Runs to the end of the connection, which it returns and does not throw.</summary>
    public async Task<LiveClose> RunAsync()
    {
        using var buffer = new PooledBuffer(options.BufferPool, UsualBytes);
        using var audio = new DownlinkAudio(options.BufferPool, counters);
        var dispatcher = new ServerMessageDispatcher(handler, counters, audio);
        LiveClose? end = null;
        try
        {
            await socket.ReceiveAsync(buffer, frame => (end = Take(frame, buffer, audio, dispatcher)) is null).ConfigureAwait(false);
            return end!;
        }
        catch (Exception fault)
        {
            return LiveFaults.FromTransport(fault, socket.CloseStatus, socket.CloseStatusDescription);
        }
    }

    /// <returns>Null: go on.</returns>
    private LiveClose? Take(ReceivedFrame frame, PooledBuffer buffer, DownlinkAudio audio, ServerMessageDispatcher dispatcher)
    {
        if (frame.Opcode == WebSocketOpcode.Ping) writer.SendPong(frame.Control.Span);
        if (frame.Opcode is WebSocketOpcode.Ping or WebSocketOpcode.Pong) return null;

        Volatile.Write(ref _lastReceived, options.TimeProvider.GetTimestamp());
        if (frame.Opcode == WebSocketOpcode.Close)
            return LiveFaults.FromClose((int?)socket.CloseStatus, socket.CloseStatusDescription);

        counters.BytesReceivedCount += frame.Count;
        if (buffer.Length > options.MaxMessageBytes || (buffer.Length == options.MaxMessageBytes && !frame.EndOfMessage))
            return LiveFaults.TooBig(options.MaxMessageBytes);

        if (!frame.EndOfMessage) return null;

        counters.MessagesReceivedCount++;
        LiveClose? end = Process(buffer.Written, dispatcher);
        buffer.Release();
        audio.Release();
        return end;
    }

    /// <returns>Null: go on.</returns>
    private LiveClose? Process(ReadOnlySpan<byte> json, ServerMessageDispatcher dispatcher)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json["\uFEFF"u8.Length..];
        ServerMessage message = ServerMessage.Take();
        try
        {
            if (!ServerMessageParser.TryParse(json, message))
            {
                counters.MalformedMessagesCount++;
                return ++_malformedInARow >= options.MaxMalformedInARow ? LiveFaults.Malformed(_malformedInARow) : null;
            }

            _malformedInARow = 0;
            onParsed(message);
            dispatcher.Dispatch(message, json);
            return null;
        }
        catch (Exception fault)
        {
            counters.DefectsCount++;
            return LiveFaults.Defect(fault);
        }
        finally
        {
            message.PutBack();
        }
    }
}
