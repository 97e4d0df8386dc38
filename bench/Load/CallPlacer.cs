using System.Diagnostics;
using System.Net;
using VoiceGateway.Caller;
using VoiceGateway.Sip;

namespace VoiceGateway.Load;

/// <summary>Places the calls and ends them; their media is <see cref="RtpLoad"/>'s.</summary>
internal sealed class CallPlacer(SipEndpoint endpoint, RtpLoad rtp, CallDirectory calls, SipUri target)
{
    private static readonly IPAddress Address = IPAddress.Loopback;

    private readonly List<Placed> _up = [];
    private readonly Lock _gate = new();
    private ArrivalHistogram _setup = new();
    private int _next;
    private int _failed;
    private int _lost;
    private bool _ending;

    public int Up
    {
        get { lock (_gate) return _up.Count; }
    }

    /// <summary>Calls that were not answered.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>Calls that ended without being asked to.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Why the last call failed or was lost.</summary>
    public string LastFailure { get; private set; } = "";

    /// <returns>INVITE to 200, in ms, since the last time.</returns>
    public ArrivalHistogram TakeSetup() => Interlocked.Exchange(ref _setup, new ArrivalHistogram());

    /// <summary>Returns when each has been answered, or will not be.</summary>
    public async Task PlaceAsync(int count, double perSecond, CancellationToken stop)
    {
        _ending = false;
        var began = Stopwatch.GetTimestamp();
        var placing = new List<Task>();
        for (var i = 0; i < count; i++)
        {
            var pause = TimeSpan.FromSeconds(i / perSecond) - Stopwatch.GetElapsedTime(began);
            if (pause > TimeSpan.Zero) await Task.Delay(pause, stop);
            placing.Add(PlaceAsync(_next++, stop));
        }
        await Task.WhenAll(placing);
    }

    public async Task HangUpAsync(double perSecond, CancellationToken stop)
    {
        _ending = true;
        Placed[] up;
        lock (_gate) up = [.. _up];
        var ending = new List<Task>();
        foreach (var placed in up)
        {
            rtp.End(placed.Group, placed.Line);
            ending.Add(placed.Call.HangUpAsync());
            await Task.Delay(TimeSpan.FromSeconds(1 / perSecond), stop);
        }
        await Task.WhenAll(ending);
    }

    private async Task PlaceAsync(int number, CancellationToken stop)
    {
        var line = new RtpLine(number);
        calls.Add(line);
        var group = rtp.Reserve(Address, number);
        NegotiatedAudio? agreed = null;
        var began = Stopwatch.GetTimestamp();
        var result = await endpoint.CallAsync(
            new SipOutgoingCall
            {
                To = target,
                From = new SipNameAddress(new SipUri(CallDirectory.NumberOf(number).ToString(), Address.ToString())),
                Negotiator = new LoadNegotiator(new LocalAudio(Address, group.Port, [AudioFormat.Pcmu]), audio => agreed = audio),
            },
            stop);
        if (result.Call is not { } call || agreed?.RemoteRtp is not { } remote)
        {
            Interlocked.Increment(ref _failed);
            LastFailure = $"{result.StatusCode} {result.Reason}";
            return;
        }
        rtp.Begin(group, line, remote);
        var placed = new Placed(call, group, line);
        lock (_gate)
        {
            _setup.Record(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            _up.Add(placed);
        }
        _ = WatchAsync(placed);
    }

    private async Task WatchAsync(Placed placed)
    {
        var end = await placed.Call.Completion;
        lock (_gate) _up.Remove(placed);
        if (_ending) return;
        Interlocked.Increment(ref _lost);
        LastFailure = end.ToString();
        rtp.End(placed.Group, placed.Line);
    }

    private sealed record Placed(SipCall Call, RtpGroup Group, RtpLine Line);
}
