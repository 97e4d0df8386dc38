using System.Buffers.Text;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace VoiceGateway.Rtp;

/// <summary>
/// The runtime's own count of its pauses, and two files of Linux (proc_pid_schedstat in the kernel's scheduler documentation, proc_stat(5)):
/// <code>
///   /proc/thread-self/schedstat   run, WAIT (ns), slices
///   /proc/stat                    cpu user nice system idle iowait irq softirq STEAL (hundredths of a second, all cores)
/// </code>
/// </summary>
internal sealed class SystemPressure : ISystemPressure
{
    private const int WaitField = 1;
    private const int StealField = 8;

    private readonly SafeFileHandle? _schedule = TryOpen("/proc/thread-self/schedstat");
    private readonly SafeFileHandle? _machine = TryOpen("/proc/stat");

    private SystemPressure()
    {
    }

    public long CollectorPauses => GC.GetTotalPauseDuration().Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond);

    public long RunQueueWait => Field(_schedule, WaitField) * (Stopwatch.Frequency / 1_000_000_000);

    public long Steal => Field(_machine, StealField) * (Stopwatch.Frequency / 100);

    /// <summary>To be read by the calling thread alone: the files tell of it.</summary>
    public static SystemPressure OfThisThread() => new();

    public void Dispose()
    {
        _schedule?.Dispose();
        _machine?.Dispose();
    }

    /// <summary>The number in a line of fields parted by blanks; 0 when there is none.</summary>
    internal static long FieldOf(ReadOnlySpan<byte> line, int field)
    {
        for (; field > 0; field--)
        {
            var blank = line.IndexOf((byte)' ');
            if (blank < 0)
                return 0;
            line = line[blank..].TrimStart((byte)' ');
        }
        return Utf8Parser.TryParse(line, out long value, out _) ? value : 0;
    }

    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.OpenHandle(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Field(SafeFileHandle? file, int field)
    {
        if (file is null)
            return 0;
        Span<byte> text = stackalloc byte[256];
        try
        {
            return FieldOf(text[..RandomAccess.Read(file, text, fileOffset: 0)], field);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
