using VoiceGateway.Caller;

namespace VoiceGateway.Load;

/// <summary>What the Live side saw of a stage. One thread writes; read when a later stage's has taken its place.</summary>
internal sealed class LiveMeasures
{
    /// <summary>RTP packet sent to its samples in a WebSocket frame at the kernel's door; ms, of the calls that are read at once.</summary>
    public ArrivalHistogram Uplink { get; } = new();

    public long AudioMessages { get; set; }

    public long AudioSamples { get; set; }

    public long SpeechSamples { get; set; }

    public long Replies { get; set; }

    public long Interruptions { get; set; }

    /// <summary>Connections that ended without being asked to.</summary>
    public long Lost { get; set; }
}
