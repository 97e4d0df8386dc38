using System.Buffers.Text;

namespace VoiceGateway.Load;

/// <summary>How long the gateway's packets are, so that the floor's are as long.</summary>
internal static class FloorPackets
{
    /// <summary>RTP header and 20 ms of G.711.</summary>
    public const int RtpLength = 12 + 160;

    // {"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000","data":"…"}}}
    private const int JsonLength = 73;

    // RFC 6455 section 5.2: a masked frame of 126 to 65,535 bytes.
    private const int FrameHeaderLength = 8;

    // RFC 8446 section 5.2: header, content type, AES-GCM's tag.
    private const int RecordOverhead = 5 + 1 + 16;

    private const int BytesPerMs = 2 * 16;

    /// <summary>What the gateway writes to the Live side for so much of the caller's audio: 959 bytes for 20 ms.</summary>
    public static int Uplink(int chunkMs) => JsonLength + Base64.GetMaxEncodedToUtf8Length(chunkMs * BytesPerMs) + FrameHeaderLength + RecordOverhead;

    /// <summary>What the Live side writes for a frame of its own.</summary>
    public static byte[] Downlink(byte[] frame) => [.. frame, .. new byte[RecordOverhead]];
}
