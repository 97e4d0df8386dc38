using System.Runtime.InteropServices;
using VoiceGateway.Rtp;

namespace VoiceGateway.Load;

/// <summary>What the load threads ask of the kernel beside <see cref="LibC"/>, or by descriptor: their sockets are many, and open as long as they are.</summary>
internal static unsafe partial class DescriptorCalls
{
    public const int SoReceiveBufferForce = 33;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(int socket, LibC.MultipleMessage* messages, uint count, int flags, LibC.Timespec* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMessages(int socket, LibC.MultipleMessage* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint Receive(int socket, LibC.Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, void* data, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, void* data, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, void* epollEvent);
}
