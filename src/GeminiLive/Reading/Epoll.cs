using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace VoiceGateway.GeminiLive;

/// <summary>epoll(7): which of many sockets have something. Each is told once, and again when that is asked for.</summary>
internal sealed unsafe partial class Epoll
{
    public const uint Readable = 0x1;
    public const uint Writable = 0x4;

    /// <summary>What one wait brings, at most.</summary>
    public const int AtOnce = 64;

    private const uint Once = 1u << 30;
    private const int CloseOnExec = 0x80000;
    private const int ControlAdd = 1;
    private const int ControlRemove = 2;
    private const int ControlModify = 3;
    private const int EntryBytes = 16;

    // struct epoll_event { uint32_t events; uint64_t data; } is packed on x64 only.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    // As long as the process.
    private readonly int _set = Create(CloseOnExec);
    private readonly byte[] _events = GC.AllocateArray<byte>(AtOnce * EntryBytes, pinned: true);

    public Epoll()
    {
        if (_set < 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_create1 failed");
    }

    /// <summary>Nothing is asked for yet; that it is broken would be told all the same, and once.</summary>
    public void Add(SafeSocketHandle socket, long token) => Check(Control(ControlAdd, socket, Once, token));

    /// <summary>Once, when it is so or is so already; what is broken is told whatever was asked for.</summary>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public void Ask(SafeSocketHandle socket, uint events, long token) => Check(Control(ControlModify, socket, events | Once, token));

    /// <summary>A closed one has left by itself.</summary>
    public void Remove(SafeSocketHandle socket)
    {
        try
        {
            _ = Control(ControlRemove, socket, 0, 0);
        }
        catch (ObjectDisposedException)
        {
            // As is said above.
        }
    }

    /// <summary>Waits for any.</summary>
    /// <returns>How many, at most as many as <paramref name="tokens"/> takes.</returns>
    public int Wait(Span<long> tokens)
    {
        fixed (byte* events = _events)
        {
            // Interrupted: none.
            int count = Wait(_set, events, Math.Min(AtOnce, tokens.Length), -1);
            for (int i = 0; i < count; i++) tokens[i] = *(long*)(events + (i * (DataAt + sizeof(long))) + DataAt);
            return Math.Max(0, count);
        }
    }

    private int Control(int operation, SafeSocketHandle socket, uint events, long token)
    {
        byte* entry = stackalloc byte[EntryBytes];
        *(uint*)entry = events;
        *(long*)(entry + DataAt) = token;
        return Control(_set, operation, socket, entry);
    }

    private static void Check(int result)
    {
        if (result < 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_ctl failed");
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int set, int operation, SafeSocketHandle socket, byte* entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int set, byte* events, int most, int milliseconds);
}
