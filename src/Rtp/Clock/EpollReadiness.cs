using System.Buffers.Binary;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace VoiceGateway.Rtp;

/// <summary>epoll, level-triggered, asked once a tick without waiting: one system call for all sockets.</summary>
internal sealed unsafe class EpollReadiness : IReadiness
{
    // struct epoll_event { uint32_t events; uint64_t data; } is packed on x64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventLength = DataOffset + sizeof(ulong);

    private readonly int _epoll;
    private byte[] _events = GC.AllocateArray<byte>(64 * 16, pinned: true);
    private int _closed;

    public EpollReadiness()
    {
        _epoll = LibC.EpollCreate(LibC.EpollCloseOnExec);
        if (_epoll < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_create1 failed.");
    }

    public void Add(Socket socket, long token)
    {
        var entry = stackalloc byte[16];
        *(uint*)entry = LibC.EpollIn;
        *(long*)(entry + DataOffset) = token;
        if (LibC.EpollControl(_epoll, LibC.EpollCtlAdd, socket.SafeHandle, entry) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_ctl could not add a socket.");
    }

    public void Remove(Socket socket, long token)
    {
        try
        {
            // Before Linux 2.6.9 the event had to be there, and it costs nothing.
            var entry = stackalloc byte[16];
            _ = LibC.EpollControl(_epoll, LibC.EpollCtlDel, socket.SafeHandle, entry);
        }
        catch (ObjectDisposedException)
        {
            // A closed descriptor leaves the set by itself.
        }
    }

    public int Collect(Span<long> tokens)
    {
        if (_events.Length < tokens.Length * EventLength)
            _events = GC.AllocateArray<byte>(tokens.Length * EventLength, pinned: true);
        fixed (byte* events = _events)
        {
            var count = LibC.EpollWait(_epoll, events, tokens.Length, 0);
            for (var i = 0; i < count; i++)
                tokens[i] = BinaryPrimitives.ReadInt64LittleEndian(_events.AsSpan((i * EventLength) + DataOffset));

            // An interrupted call finds the same sockets at the next tick.
            return Math.Max(0, count);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            _ = LibC.Close(_epoll);
    }
}
