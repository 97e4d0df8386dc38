using System.Buffers.Binary;
using System.Numerics;

namespace VoiceGateway.Load;

/// <summary>What comes from the gateway for one call: packet by packet against the one before, and when the agent is heard.</summary>
internal sealed class RtpArrivals
{
    private const int HeaderLength = 12;
    private const double SamplesPerMs = 8;
    private const double NanosecondsPerMs = 1e6;

    // Magnitudes run down in µ-law: a lower code is louder than -38 dBov.
    private const byte Quietest = 0x60;

    // Silent packets after which the agent is no longer speaking.
    private const int Pause = 8;

    private bool _begun;
    private ushort _sequence;
    private uint _timestamp;
    private long _arrival;
    private int _silent = Pause;
    private long _lastAudible;
    private long _interruption;

    public void OnPacket(ReadOnlySpan<byte> packet, long arrival, Marks marks, MediaMeasures measures)
    {
        if (packet.Length <= HeaderLength || packet[0] >> 6 != 2) return;
        measures.Received++;
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        var timestamp = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        if (_begun) Measure(sequence, timestamp, (packet[1] & 0x80) != 0, arrival, measures);
        (_begun, _sequence, _timestamp, _arrival) = (true, sequence, timestamp, arrival);
        Listen(IsAudible(packet[HeaderLength..]), arrival, marks, measures);
    }

    private void Measure(ushort sequence, uint timestamp, bool spurt, long arrival, MediaMeasures measures)
    {
        var step = (short)(sequence - _sequence);
        if (step <= 0) measures.Disordered++;
        else measures.Lost += step - 1;
        if (step != 1) return;
        var late = ((arrival - _arrival) / NanosecondsPerMs) - ((int)(timestamp - _timestamp) / SamplesPerMs);
        (spurt ? measures.SpurtSpacing : measures.Spacing).Record(Math.Abs(late));
    }

    private void Listen(bool audible, long arrival, Marks marks, MediaMeasures measures)
    {
        if (marks.TakeInterrupted() is > 0 and var interruption) _interruption = interruption;
        if (audible)
        {
            measures.AudiblePackets++;
            if (marks.TakeAgentBegan() is > 0 and var began) measures.FirstPacket.Record((arrival - began) / NanosecondsPerMs);
            else if (_silent > 0 && arrival < marks.ReplyEnds) measures.Gaps++;
            (_silent, _lastAudible) = (0, arrival);
        }
        else if (++_silent == Pause && _interruption != 0)
        {
            measures.LastStale.Record(Math.Max(0, _lastAudible - _interruption) / NanosecondsPerMs);
            _interruption = 0;
        }
    }

    private static bool IsAudible(ReadOnlySpan<byte> payload)
    {
        var magnitude = new Vector<byte>(0x7F);
        var least = magnitude;
        var at = 0;
        for (; at <= payload.Length - Vector<byte>.Count; at += Vector<byte>.Count)
            least = Vector.Min(least, new Vector<byte>(payload[at..]) & magnitude);
        if (Vector.LessThanAny(least, new Vector<byte>(Quietest))) return true;
        for (; at < payload.Length; at++)
            if ((payload[at] & 0x7F) < Quietest) return true;
        return false;
    }
}
