using VoiceGateway.Caller;

namespace VoiceGateway.Load;

/// <summary>What the generator saw of a stage. One thread writes; read when a later stage's has taken its place.</summary>
internal sealed class MediaMeasures
{
    /// <summary>How far the time between two packets of a call is from what their timestamps say; ms, by the kernel's arrival times.</summary>
    public ArrivalHistogram Spacing { get; } = new();

    /// <summary>As <see cref="Spacing"/>, of the packets that begin a talk spurt (RFC 3551 section 4.1): they may be sent early.</summary>
    public ArrivalHistogram SpurtSpacing { get; } = new();

    /// <summary>First message of an answer sent to the first RTP packet with its sound.</summary>
    public ArrivalHistogram FirstPacket { get; } = new();

    /// <summary><c>interrupted</c> sent to the last RTP packet with the sound that it was about.</summary>
    public ArrivalHistogram LastStale { get; } = new();

    public long Sent { get; set; }

    public long NotSent { get; set; }

    public long Received { get; set; }

    public long Lost { get; set; }

    public long Disordered { get; set; }

    /// <summary>Silence inside an answer of which there is more.</summary>
    public long Gaps { get; set; }

    public long AudiblePackets { get; set; }
}
