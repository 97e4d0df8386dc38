using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace VoiceGateway.Sip;

/// <summary>
/// recvmmsg: one system call takes what waits at a UDP socket, so that a flood costs a fraction of what it would cost datagram by
/// datagram. Where it is not to be had, the socket's own calls do the same work one at a time.
/// </summary>
internal sealed unsafe partial class LinuxDatagrams
{
    public const int Capacity = 32;

    private const int DatagramBytes = 65_536;
    private const int NameBytes = 28; // sockaddr_in6, the larger of the two
    private const int DontWait = 0x40, Interrupted = 4, Again = 11;

    // Memory of the kernel's choosing would move: all of it is pinned, and pages that no datagram has reached stay unused.
    private readonly byte[] _data = GC.AllocateUninitializedArray<byte>(Capacity * DatagramBytes, pinned: true);
    private readonly byte[] _names = GC.AllocateArray<byte>(Capacity * NameBytes, pinned: true);
    private readonly Vector[] _vectors = GC.AllocateArray<Vector>(Capacity, pinned: true);
    private readonly Message[] _messages = GC.AllocateArray<Message>(Capacity, pinned: true);

    private LinuxDatagrams()
    {
        for (int i = 0; i < Capacity; i++)
        {
            _vectors[i] = new Vector { Base = Marshal.UnsafeAddrOfPinnedArrayElement(_data, i * DatagramBytes), Length = DatagramBytes };
            _messages[i].Vectors = Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, i);
            _messages[i].VectorCount = 1;
            _messages[i].Name = Marshal.UnsafeAddrOfPinnedArrayElement(_names, i * NameBytes);
        }
    }

    /// <summary>Null where the structures below are not the kernel's.</summary>
    public static LinuxDatagrams? Create() =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64 ? new LinuxDatagrams() : null;

    /// <summary>Takes up to <see cref="Capacity"/> waiting datagrams. Never waits.</summary>
    /// <exception cref="SocketException">The socket has an error.</exception>
    public int Receive(Socket socket)
    {
        foreach (ref var message in _messages.AsSpan())
            message.NameLength = NameBytes; // the kernel has written the real length over it
        int count;
        do
        {
            count = ReceiveMessages(socket.SafeHandle, (Message*)Marshal.UnsafeAddrOfPinnedArrayElement(_messages, 0), Capacity, DontWait, 0);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        if (count >= 0)
            return count;
        return Marshal.GetLastPInvokeError() == Again ? 0 : throw new SocketException(Marshal.GetLastPInvokeError());
    }

    public ReadOnlySpan<byte> Datagram(int index) => _data.AsSpan(index * DatagramBytes, (int)_messages[index].Length);

    /// <summary>Writes the sender's address over what <paramref name="source"/> holds.</summary>
    public void CopySource(int index, SocketAddress source)
    {
        int length = Math.Min((int)_messages[index].NameLength, source.Buffer.Length);
        _names.AsSpan(index * NameBytes, length).CopyTo(source.Buffer.Span);
        source.Size = length;
    }

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMessages(SafeSocketHandle socket, Message* messages, uint count, int flags, nint timeout);

    // struct iovec
    private struct Vector
    {
        public nint Base;
        public nuint Length;
    }

    // struct mmsghdr: a msghdr of 56 bytes, and the length of what was received
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct Message
    {
        [FieldOffset(0)]
        public nint Name;

        [FieldOffset(8)]
        public uint NameLength;

        [FieldOffset(16)]
        public nint Vectors;

        [FieldOffset(24)]
        public nuint VectorCount;

        [FieldOffset(56)]
        public uint Length;
    }
}
