using System.Buffers;

namespace VoiceGateway.GeminiLive;

/// <summary>Limits and clocks of a session. The defaults suit a telephone call.</summary>
public sealed record LiveSessionOptions
{
    /// <summary>For TCP, TLS and the upgrade.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the upgrade to <c>setupComplete</c>.</summary>
    public TimeSpan SetupTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For each stage of an orderly close: sending what is queued, the close frame, the server's answer.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Audio kept while the network does not take it; then the oldest is dropped.</summary>
    public TimeSpan AudioQueue { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How much audio one message to the server carries, in frames of 20 ms. The service advises 20 to 40 ms: 40 halve the messages,
    /// and the first half of each comes 20 ms later.
    /// </summary>
    public TimeSpan Chunk { get; init; } = PcmFormat.FrameDuration;

    /// <summary>
    /// A longer server message closes the session (<see cref="LiveCloseKind.MessageTooBig"/>). This one could hold a minute of speech, and
    /// its buffers go back to the pool: those of a longer one would be garbage that stays until the next collection of large objects.
    /// </summary>
    public int MaxMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// A message that is no JSON object is counted and passed over; this many in a row close the session
    /// (<see cref="LiveCloseKind.ProtocolViolated"/>), for then the other side is no Live API.
    /// </summary>
    public int MaxMalformedInARow { get; init; } = 10;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Every buffer that a session rents is back here when <see cref="LiveSession.DisposeAsync"/> completes.</summary>
    public ArrayPool<byte> BufferPool { get; init; } = ArrayPool<byte>.Shared;

    /// <summary>Whose certificates are believed beside the system's; null: the system's only.</summary>
    public LiveTrust? Trust { get; init; }

    /// <summary>Null: that of <see cref="Trust"/>. For tests with a transport of their own.</summary>
    internal HttpMessageInvoker? Invoker { get; init; }
}
