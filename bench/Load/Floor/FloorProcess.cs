using System.Diagnostics;
using System.Net;
using VoiceGateway.Media;
using VoiceGateway.Rtp;

namespace VoiceGateway.Load;

/// <summary>
/// The floor, a process of one thread: the system calls without which no gateway has these packets, at the gateway's pace, and nothing else.
/// <code>
/// sleep until the next 2.5 ms ─▶ sendto for the calls of this slot ─▶ epoll_wait ─┬▶ recvmsg: RTP ─▶ send: a message to the Live side
///                                                                                 ╰▶ recvmsg: audio of the Live side's
/// </code>
/// </summary>
internal sealed class FloorProcess : IDisposable
{
    private const int Slots = 8;
    private const long TickNanoseconds = 20_000_000 / Slots;

    private readonly FloorCall[] _calls;
    private readonly EpollReadiness _readiness = new();
    private readonly long[] _ready;
    private readonly PriorityKeeper _priority = new(new MediaOptions().RealTimePriority, ThreadScheduling.Ask);

    private FloorProcess(int calls, int livePort, int chunkMs)
    {
        var live = new IPEndPoint(IPAddress.Loopback, livePort);
        _calls = [.. Enumerable.Range(0, calls).Select(_ => new FloorCall(live, chunkMs))];
        _ready = new long[2 * calls];
        for (var i = 0; i < calls; i++)
        {
            _readiness.Add(_calls[i].Rtp, RtpToken(i));
            _readiness.Add(_calls[i].Live, LiveToken(i));
        }
    }

    /// <summary>Says at which ports, one a call, and goes on until the Live side hangs up.</summary>
    public static void Run(int calls, int livePort, int chunkMs)
    {
        using var floor = new FloorProcess(calls, livePort, chunkMs);
        Console.WriteLine(string.Join(' ', floor._calls.Select(static c => c.Port)));
        floor.Run();
    }

    public void Dispose()
    {
        _readiness.Dispose();
        foreach (var call in _calls) call.Dispose();
    }

    private void Run()
    {
        // As the gateway's media threads: a machine on which others are busy shall not hold one of the two back more than the other.
        ThreadScheduling.SharpenTimers();
        _priority.Begin();
        var (deadline, busy) = (WallClock.Monotonic, 0L);
        for (var tick = 0L; ; tick++, deadline += TickNanoseconds)
        {
            WallClock.SleepUntil(deadline);
            var began = Stopwatch.GetTimestamp();
            for (var i = (int)(tick % Slots); i < _calls.Length; i += Slots) _calls[i].Send();
            if (!Read()) return;
            var ended = Stopwatch.GetTimestamp();
            busy += ended - began;
            _priority.Look(ended, busy);
        }
    }

    private bool Read()
    {
        var count = _readiness.Collect(_ready);
        foreach (var token in _ready.AsSpan(0, count))
        {
            var call = _calls[token / 2];
            if (token == RtpToken(token / 2)) call.OnRtp();
            else if (!call.OnLive()) return false;
        }
        return true;
    }

    private static long RtpToken(long call) => 2 * call;

    private static long LiveToken(long call) => (2 * call) + 1;
}
