using System.Diagnostics;
using System.Net;
using VoiceGateway.Sip;

namespace VoiceGateway.SipLoad;

/// <summary>Places calls from an endpoint of ours, each hung up after a while, and takes the time until their 200.</summary>
internal sealed class CallGenerator : IAsyncDisposable
{
    private readonly SipEndpoint _endpoint = new(new SipEndpointOptions
    {
        Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
        Guard = null,
    });

    private readonly Lock _gate = new();
    private List<double> _setupMs = [];
    private int _failed;

    public static async Task<CallGenerator> StartAsync(CancellationToken stop)
    {
        var generator = new CallGenerator();
        await generator._endpoint.StartAsync(stop);
        return generator;
    }

    /// <summary>So many a second, whatever becomes of them: a callee that falls behind is not spared.</summary>
    public async Task<CallResult> AtRateAsync(string against, SipUri target, int rate, int calls, TimeSpan hold, CancellationToken stop)
    {
        Reset();
        List<Task> running = new(calls);
        var begun = Stopwatch.GetTimestamp();
        for (var placed = 0; placed < calls;)
        {
            var due = Math.Min((int)(Stopwatch.GetElapsedTime(begun).TotalSeconds * rate) + 1, calls);
            while (placed < due)
            {
                running.Add(CallAsync(target, hold, stop));
                placed++;
            }

            await Task.Delay(1, stop);
        }

        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await Task.WhenAll(running);
        return CallResult.Of(against, "ours", rate, seconds, _failed, _setupMs);
    }

    /// <summary>As many as the callee answers, so many at a time.</summary>
    public async Task<CallResult> AtMostAsync(string against, SipUri target, int atOnce, TimeSpan duration, CancellationToken stop)
    {
        Reset();
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(begun) < duration)
                await CallAsync(target, TimeSpan.Zero, stop);
        }, stop)));
        return CallResult.Of(against, "ours", 0, Stopwatch.GetElapsedTime(begun).TotalSeconds, _failed, _setupMs);
    }

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();

    private void Reset()
    {
        _setupMs = [];
        _failed = 0;
    }

    private async Task CallAsync(SipUri target, TimeSpan hold, CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        var result = await _endpoint.CallAsync(new SipOutgoingCall { To = target, Negotiator = ConstantSession.Instance }, stop);
        var elapsed = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        lock (_gate)
        {
            if (result.Call is null)
                _failed++;
            else
                _setupMs.Add(elapsed);
        }

        if (result.Call is not { } call)
            return;
        if (hold > TimeSpan.Zero)
            await Task.Delay(hold, stop);
        await call.HangUpAsync();
    }
}
