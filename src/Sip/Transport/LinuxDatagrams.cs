using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace VoiceGateway.Sip;

/// <summary>
/// recvmmsg: one system call takes what waits at a UDP socket, so that a flood costs a fraction of what it would cost datagram by
/// datagram; and the kernel tells to which of our addresses each was sent, so that answers leave from it (RFC 3581 section 4). Where
/// it is not to be had, the socket's own calls do the same work one at a time, and answers leave from the address of the route.
/// </summary>
internal sealed unsafe partial class LinuxDatagrams
{
    public const int Capacity = 32;

    private const int DatagramBytes = 65_536;
    private const int NameBytes = 28; // sockaddr_in6, the larger of the two
    private const int ControlBytes = 64;
    private const int DontWait = 0x40, NoSignal = 0x4000, Interrupted = 4, Again = 11;

    // Memory of the kernel's choosing would move: all of it is pinned, and pages that no datagram has reached stay unused.
    private readonly byte[] _data = GC.AllocateUninitializedArray<byte>(Capacity * DatagramBytes, pinned: true);
    private readonly byte[] _names = GC.AllocateArray<byte>(Capacity * NameBytes, pinned: true);
    private readonly long[] _control = GC.AllocateArray<long>(Capacity * ControlBytes / sizeof(long), pinned: true);
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
            _messages[i].Control = Marshal.UnsafeAddrOfPinnedArrayElement(_control, i * ControlBytes / sizeof(long));
        }
    }

    /// <summary>Null where the structures below are not the kernel's.</summary>
    /// <param name="socket">Bound; asked to tell addresses where it is bound to all of them.</param>
    public static LinuxDatagrams? Create(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
            return null;
        if (socket.LocalEndPoint is IPEndPoint { Address: var bound } && (bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any)))
            socket.SetSocketOption(bound.AddressFamily == AddressFamily.InterNetworkV6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
        return new LinuxDatagrams();
    }

    /// <summary>Takes up to <see cref="Capacity"/> waiting datagrams. Never waits.</summary>
    /// <exception cref="SocketException">The socket has an error.</exception>
    public int Receive(Socket socket)
    {
        foreach (ref var message in _messages.AsSpan())
        {
            // The kernel has written the real lengths over these.
            message.NameLength = NameBytes;
            message.ControlLength = ControlBytes;
        }

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

    /// <summary>Our address that the datagram was sent to, as a number; zero when it is not told.</summary>
    public UInt128 LocalAddress(int index)
    {
        if (_messages[index].ControlLength < (nuint)sizeof(Control))
            return 0;
        var control = (Control*)_messages[index].Control;
        var told = (byte*)(control + 1);
        return (control->Level, control->Type) switch
        {
            (Control.IP, Control.IPPacketInfo) => BinaryPrimitives.ReadUInt32BigEndian(new(told + 4, 4)), // after the interface: ipi_spec_dst
            (Control.IPv6, Control.IPv6PacketInfo) => BinaryPrimitives.ReadUInt128BigEndian(new(told, 16)),
            _ => 0,
        };
    }

    /// <summary>Sends from one of our addresses. False when that cannot be: the address may have left this host.</summary>
    public static bool SendFrom(UInt128 local, Socket socket, ReadOnlySpan<byte> datagram, SocketAddress remote)
    {
        bool isIPv6 = remote.Family == AddressFamily.InterNetworkV6;
        var control = stackalloc long[ControlBytes / sizeof(long)];
        new Span<long>(control, ControlBytes / sizeof(long)).Clear();
        var head = (Control*)control;
        var told = (byte*)(head + 1);
        *head = isIPv6
            ? new Control { Length = (nuint)sizeof(Control) + 20, Level = Control.IPv6, Type = Control.IPv6PacketInfo }
            : new Control { Length = (nuint)sizeof(Control) + 12, Level = Control.IP, Type = Control.IPPacketInfo };
        if (isIPv6)
            BinaryPrimitives.WriteUInt128BigEndian(new(told, 16), local);
        else
            BinaryPrimitives.WriteUInt32BigEndian(new(told + 4, 4), (uint)local);
        fixed (byte* data = datagram)
        fixed (byte* name = remote.Buffer.Span)
        {
            var vector = new Vector { Base = (nint)data, Length = (nuint)datagram.Length };
            var message = new Message
            {
                Name = (nint)name,
                NameLength = (uint)remote.Size,
                Vectors = (nint)(&vector),
                VectorCount = 1,
                Control = (nint)control,
                ControlLength = (nuint)(sizeof(Control) + (isIPv6 ? 24 : 16)), // as padded
            };
            return SendMessage(socket.SafeHandle, &message, DontWait | NoSignal) == datagram.Length;
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SafeSocketHandle socket, Message* message, int flags);

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

        [FieldOffset(32)]
        public nint Control;

        [FieldOffset(40)]
        public nuint ControlLength;

        [FieldOffset(56)]
        public uint Length;
    }

    // struct cmsghdr; an in_pktinfo or in6_pktinfo follows
    private struct Control
    {
        public const int IP = 0, IPPacketInfo = 8, IPv6 = 41, IPv6PacketInfo = 50;

        public nuint Length;
        public int Level;
        public int Type;
    }
}
