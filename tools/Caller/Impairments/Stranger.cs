using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using VoiceGateway.Codecs;
using VoiceGateway.Rtp;

namespace VoiceGateway.Caller;

/// <summary>Somebody who has found the gateway's port, and sends a loud tone to it from one of his own.</summary>
internal sealed class Stranger : IDisposable
{
    private const double ToneHz = 2000;
    private const uint Ssrc = 0xBAD;

    private readonly Socket _socket;
    private readonly TimeSpan _pause;
    private readonly byte[] _packet = new byte[RtpPacket.HeaderLength + AudioFrame.Samples];
    private ushort _sequence;
    private long _due;

    public Stranger(Socket socket, double packetsPerSecond)
    {
        (_socket, _pause) = (socket, TimeSpan.FromSeconds(1 / packetsPerSecond));
        Span<short> tone = stackalloc short[AudioFrame.Samples];
        for (var i = 0; i < tone.Length; i++) tone[i] = (short)(20_000 * Math.Sin(2 * Math.PI * ToneHz * i / AudioFrame.SampleRateHz));
        _packet[0] = 0x80;
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(8), Ssrc);
        G711.EncodeMuLaw(tone, _packet.AsSpan(RtpPacket.HeaderLength));
    }

    /// <summary>Sends what is due.</summary>
    /// <returns>Until the next.</returns>
    public TimeSpan SendDue(IPEndPoint to, long now)
    {
        if (_due == 0) _due = now;
        for (; _due <= now; _due += StopwatchTime.Ticks(_pause))
        {
            BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), ++_sequence);
            BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), (uint)_sequence * AudioFrame.Samples);
            try
            {
                _socket.SendTo(_packet, to);
            }
            catch (SocketException)
            {
                // The port is gone; ICMP says so.
            }
        }
        return Stopwatch.GetElapsedTime(now, _due);
    }

    public void Dispose() => _socket.Dispose();
}
