namespace VoiceGateway.GeminiLive;

/// <summary>What went through a session. Each field has one writer at a time; readers on other threads see a recent value.</summary>
public sealed class LiveSessionCounters
{
    internal long AudioMessagesSentCount;
    internal long AudioMessagesDelayedCount;
    internal long AudioSamplesDroppedCount;
    internal long AudioDropsCount;
    internal long ControlMessagesSentCount;
    internal long BytesSentCount;
    internal long MessagesReceivedCount;
    internal long BytesReceivedCount;
    internal long AudioBytesReceivedCount;
    internal long MalformedMessagesCount;
    internal long UnknownMessagesCount;
    internal long UnsupportedMediaCount;
    internal long MalformedAudioCount;
    internal long OddBytesDiscardedCount;
    internal long ToolIdsGeneratedCount;
    internal long DefectsCount;

    public long AudioMessagesSent => Volatile.Read(ref AudioMessagesSentCount);

    /// <summary>Calls of <see cref="LiveSession.TrySendAudio"/> that had to queue, because a send was under way.</summary>
    public long AudioMessagesDelayed => Volatile.Read(ref AudioMessagesDelayedCount);

    /// <summary>Times that the full queue lost its oldest audio.</summary>
    public long AudioDrops => Volatile.Read(ref AudioDropsCount);

    /// <summary>Audio lost to the full queue.</summary>
    public TimeSpan AudioDropped => PcmFormat.UplinkDuration(Volatile.Read(ref AudioSamplesDroppedCount));

    public long ControlMessagesSent => Volatile.Read(ref ControlMessagesSentCount);

    /// <summary>JSON bytes, without WebSocket and TLS framing.</summary>
    public long BytesSent => Volatile.Read(ref BytesSentCount);

    public long MessagesReceived => Volatile.Read(ref MessagesReceivedCount);

    /// <summary>JSON bytes, without WebSocket and TLS framing.</summary>
    public long BytesReceived => Volatile.Read(ref BytesReceivedCount);

    /// <summary>PCM bytes passed to the handler.</summary>
    public long AudioBytesReceived => Volatile.Read(ref AudioBytesReceivedCount);

    /// <summary>Messages that were no JSON object.</summary>
    public long MalformedMessages => Volatile.Read(ref MalformedMessagesCount);

    /// <summary>Messages with none of the fields that this client knows.</summary>
    public long UnknownMessages => Volatile.Read(ref UnknownMessagesCount);

    /// <summary>Parts with inline data other than PCM at 24 kHz.</summary>
    public long UnsupportedMedia => Volatile.Read(ref UnsupportedMediaCount);

    /// <summary>Parts whose base64 could not be read.</summary>
    public long MalformedAudio => Volatile.Read(ref MalformedAudioCount);

    /// <summary>Halves of a sample left over at the end of a turn.</summary>
    public long OddBytesDiscarded => Volatile.Read(ref OddBytesDiscardedCount);

    /// <summary>Function calls that came without an id.</summary>
    public long ToolIdsGenerated => Volatile.Read(ref ToolIdsGeneratedCount);

    /// <summary>Exceptions of ours, the handler's or the client's own, that ended the session.</summary>
    public long Defects => Volatile.Read(ref DefectsCount);
}
