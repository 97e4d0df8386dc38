using System.Runtime.InteropServices;

namespace VoiceGateway.Load;

/// <summary>The system calls of the load threads; names and structures as in the Linux manual pages, 64-bit.</summary>
internal static unsafe partial class LibC
{
    public const int Eagain = 11;
    public const int Eintr = 4;
    public const int MsgDontWait = 0x40;
    public const int MsgNoSignal = 0x4000;
    public const int SolSocket = 1;
    public const int SoReceiveBufferForce = 33;
    public const int SoTimestampNs = 35;
    public const int ClockRealtime = 0;
    public const int ClockMonotonic = 1;
    public const int TimerAbsTime = 1;
    public const int EpollCtlAdd = 1;
    public const int EpollCtlDel = 2;
    public const uint EpollIn = 1;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(int socket, MultipleMessage* messages, uint count, int flags, Timespec* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMessages(int socket, MultipleMessage* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint Receive(int socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, void* data, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, void* epollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, void* events, int capacity, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    public static partial int GetTime(int clock, Timespec* time);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    public static partial int Sleep(int clock, int flags, Timespec* request, Timespec* remain);

    public struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    // struct iovec
    public struct Vector
    {
        public void* Base;
        public nuint Length;
    }

    // struct msghdr
    public struct Message
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    // struct mmsghdr
    public struct MultipleMessage
    {
        public Message Header;

        /// <summary>The kernel's to fill in.</summary>
        public uint Length { get; }
    }

    // struct cmsghdr, the kernel's to fill in
    public struct ControlHeader
    {
        public nuint Length { get; }

        public int Level { get; }

        public int Type { get; }
    }
}
