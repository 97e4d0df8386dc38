using System.Buffers;
using VoiceGateway.Media;
using VoiceGateway.Rtp;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;
using VoiceGateway.Telemetry;
using VoiceGateway.Tools;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>What every call is lent: one of each, for the life of the gateway.</summary>
public sealed record CallServices(
    SipOptions Sip,
    MediaOptions Media,
    CallOptions Calls,
    BargeInOptions BargeIn,
    TurnOptions Turns,
    ToolOptions ToolOptions,
    LiveTarget Live,
    MediaEngine Clock,
    RtpPortAllocator Ports,
    ToolCatalog Tools,
    CallMetrics Metrics,
    TimeProvider Time,
    ILoggerFactory Loggers)
{
    /// <summary>Folder for recordings; null: none are made.</summary>
    public string? Recordings { get; init; }

    /// <summary>Counts tokens and what they cost.</summary>
    public CallUsageMeter Usage { get; init; } = new(PriceTable.Empty, Metrics);

    /// <summary>How a call leaves that is placed on behalf of another, by its peer's wish: through whom, and whether with its credentials.</summary>
    public Func<SipCall, SipOutgoingCall, bool, SipOutgoingCall> OnBehalfOf { get; init; } = static (_, call, _) => call;

    /// <summary>Every buffer that a call rents is back here when the call has ended.</summary>
    public ArrayPool<byte> BufferPool { get; init; } = ArrayPool<byte>.Shared;
}
