using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Lays the <c>realtimeInput.audio</c> message of one chunk into a buffer that serves whichever connection the thread sends on, for a
/// connection's own would be out of every cache by its next chunk:
/// <code>{"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000","data":"  base64  "}}}</code>
/// Base64 needs no escaping in JSON. All of it is written anew each time, for masking leaves nothing readable.
/// </summary>
internal sealed class AudioFrameEncoder
{
    private readonly byte[] _message;
    private readonly int _mostSamples;

    private static ReadOnlySpan<byte> Head => "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=16000\",\"data\":\""u8;

    private static ReadOnlySpan<byte> Tail => "\"}}}"u8;

    private AudioFrameEncoder(int mostSamples)
    {
        _mostSamples = mostSamples;
        _message = new byte[WebSocketFrame.Room + Head.Length + Base64.GetMaxEncodedToUtf8Length(mostSamples * sizeof(short)) + Tail.Length];
    }

    /// <summary>The thread's; its next one is another, unless this one has been put back.</summary>
    /// <param name="mostSamples">In one message.</param>
    public static AudioFrameEncoder Take(int mostSamples) =>
        PerThread<AudioFrameEncoder>.Take() is { } encoder && encoder._mostSamples >= mostSamples ? encoder : new AudioFrameEncoder(mostSamples);

    /// <summary>Nobody reads what was encoded any more. On any thread.</summary>
    public void PutBack() => PerThread<AudioFrameEncoder>.PutBack(this);

    /// <param name="pcm16kHz">Not more samples than was said.</param>
    /// <returns><see cref="WebSocketFrame.Room"/>, then the message; the caller's to mask, valid until the next call.</returns>
    public Memory<byte> Encode(ReadOnlySpan<short> pcm16kHz)
    {
        Span<byte> message = _message.AsSpan(WebSocketFrame.Room);
        Head.CopyTo(message);
        OperationStatus status = Base64.EncodeToUtf8(
            MemoryMarshal.AsBytes(pcm16kHz), message[Head.Length..], out _, out int written);
        if (status != OperationStatus.Done)
            throw new ArgumentException("The chunk is too long.", nameof(pcm16kHz));

        Tail.CopyTo(message[(Head.Length + written)..]);
        return _message.AsMemory(0, WebSocketFrame.Room + Head.Length + written + Tail.Length);
    }
}
