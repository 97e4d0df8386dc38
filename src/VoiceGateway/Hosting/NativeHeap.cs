using System.Runtime.InteropServices;

namespace VoiceGateway.Hosting;

/// <summary>
/// glibc gives threads heaps of their own, up to eight for each core, and what SQLite and TLS free in one of them is of no use to the others: over
/// hours a process of many pool threads grows by them. What is allocated here outside of .NET is little, so two heaps serve it all.
/// </summary>
internal static class NativeHeap
{
    private const int ArenaMax = -8; // M_ARENA_MAX, mallopt(3)
    private const int Arenas = 2;

    public static void KeepTogether()
    {
        try
        {
            if (OperatingSystem.IsLinux()) _ = SetOption(ArenaMax, Arenas);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has one heap anyway.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int SetOption(int option, int value);
}
