using System.Buffers.Binary;
using System.Net.Sockets;

namespace VoiceGateway.GeminiLive;

/// <summary>What the kernel knows of a peer: Linux's <c>TCP_INFO</c> (linux/tcp.h). Costs one system call and no memory.</summary>
/// <param name="UnacknowledgedSegments">Sent and not acknowledged. Data held back by a closed window does not count.</param>
/// <param name="SinceAcknowledgement">Since the last segment with an acknowledgement, whatever it carried.</param>
internal readonly record struct TcpProgress(int UnacknowledgedSegments, TimeSpan SinceAcknowledgement)
{
    private const int TcpLevel = 6, TcpInfo = 11, UnackedAt = 24, LastAckReceivedAt = 56, BytesNeeded = 60;

    public static bool TryRead(Socket socket, out TcpProgress progress)
    {
        progress = default;
        if (!OperatingSystem.IsLinux()) return false;

        Span<byte> info = stackalloc byte[BytesNeeded];
        if (socket.GetRawSocketOption(TcpLevel, TcpInfo, info) < BytesNeeded) return false;

        progress = new TcpProgress(Take(info, UnackedAt), TimeSpan.FromMilliseconds(Take(info, LastAckReceivedAt)));
        return true;
    }

    private static int Take(ReadOnlySpan<byte> info, int at) =>
        BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadInt32LittleEndian(info[at..])
            : BinaryPrimitives.ReadInt32BigEndian(info[at..]);
}
