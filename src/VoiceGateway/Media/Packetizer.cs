namespace VoiceGateway.Media;

/// <summary>
/// From playout's frames of 20 ms to packets of the agreed length, any multiple of 10 ms. Clock thread only; allocates nothing.
/// <code>
///   10 ms   |▪▪|▪▪|▪▪|       two packets a frame, the second half a tick later
///   20 ms   |▪▪|▪▪|▪▪|       as they come
///   30 ms   |▪▪ ▪|▪ ▪▪|      two packets in three ticks
///   60 ms   |▪▪ ▪▪ ▪▪|       one in three
/// </code>
/// What has been taken from playout leaves, however it is cut: a change of codec, of length, and the end of what was interrupted make
/// the packet that is under way leave shorter than agreed, which every receiver must take.
/// </summary>
internal sealed class Packetizer(IPacketSink sink, int frameSamples, int frameBytes)
{
    public const int LongestMs = 60;

    // Packets of 20 ms are frames as they come: most calls never need it.
    private byte[] _waiting = [];
    private int _count;
    private int _packetBytes;
    private byte _payloadType;

    // Where in what waits a talk spurt begins; negative: nowhere.
    private int _markerAt = -1;

    /// <summary>Samples taken from playout and not sent yet.</summary>
    public int WaitingSamples => Samples(_count);

    /// <param name="frame">One frame of playout.</param>
    /// <param name="payloadType">Of its codec.</param>
    /// <param name="packetMs">10 to 60.</param>
    /// <param name="kind">A talk spurt's beginning sets the marker; the end of what was interrupted leaves at once.</param>
    public void Add(ReadOnlySpan<byte> frame, byte payloadType, int packetMs, PlayoutFrame kind)
    {
        var halves = packetMs < Playout.FrameMs;
        var packetBytes = frameBytes * packetMs / Playout.FrameMs;
        var asBefore = payloadType == _payloadType && packetBytes == _packetBytes;
        _packetBytes = packetBytes;
        // The half that should have left between the ticks; what the peer is to decode otherwise; the rest that fits no packet any more.
        if (halves || !asBefore) Flush();
        _payloadType = payloadType;
        if (_count == 0 && frame.Length == packetBytes)
        {
            sink.Send(payloadType, frame, Samples(frame.Length), kind == PlayoutFrame.SpeechStart);
            return;
        }
        if (_waiting.Length == 0) _waiting = new byte[frameBytes * (LongestMs / Playout.FrameMs + 1)];
        if (kind == PlayoutFrame.SpeechStart && _markerAt < 0) _markerAt = _count;
        frame.CopyTo(_waiting.AsSpan(_count));
        _count += frame.Length;
        if (kind == PlayoutFrame.Fade) Flush();
        else if (halves) Take(_packetBytes);
        else while (_count >= _packetBytes) Take(_packetBytes);
    }

    /// <summary>All that waits leaves, in packets no longer than agreed.</summary>
    public void Flush()
    {
        while (_count > 0) Take(Math.Min(_count, _packetBytes));
    }

    /// <summary>What waits is not sent any more.</summary>
    /// <returns>How many samples that were.</returns>
    public int Drop()
    {
        var samples = WaitingSamples;
        (_count, _markerAt) = (0, -1);
        return samples;
    }

    private void Take(int bytes)
    {
        var marker = _markerAt >= 0 && _markerAt < bytes;
        _markerAt = marker ? -1 : Math.Max(-1, _markerAt - bytes);
        sink.Send(_payloadType, _waiting.AsSpan(0, bytes), Samples(bytes), marker);
        _count -= bytes;
        _waiting.AsSpan(bytes, _count).CopyTo(_waiting);
    }

    private int Samples(int bytes) => bytes * frameSamples / frameBytes;
}
