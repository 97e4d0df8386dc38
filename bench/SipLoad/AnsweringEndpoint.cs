using System.Net;
using System.Text.Json;
using VoiceGateway.Sip;

namespace VoiceGateway.SipLoad;

/// <summary>A bare endpoint that answers every call at once, with its limits as they ship, and writes down what it holds four times a second.</summary>
internal sealed class AnsweringEndpoint : ISipCallHandler
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    public void OnInvite(SipCall call) => _ = call.AnswerAsync(ConstantSession.Instance);

    public static async Task<int> ServeAsync(string statusFile, CancellationToken stop)
    {
        var faults = 0L;
        var options = new SipEndpointOptions
        {
            Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
            OnFault = _ => Interlocked.Increment(ref faults),

            // The rates a source is held to are other tests' subject; here one source is everybody.
            Guard = null,
        };
        await using var endpoint = new SipEndpoint(options, new AnsweringEndpoint());
        await endpoint.StartAsync(stop);
        Console.WriteLine($"sipload ready sip={endpoint.BoundEndPoints[0].EndPoint}");
        var most = 0;
        while (!stop.IsCancellationRequested)
        {
            most = Math.Max(most, endpoint.ActiveTransactions);
            var counters = endpoint.Counters;
            var status = new EndpointStatus(
                endpoint.ActiveCalls, endpoint.ActiveTransactions, most, counters[SipCounter.IncomingCalls], counters[SipCounter.OverloadRejected],
                counters[SipCounter.ResponseRetransmissionsSent] + counters[SipCounter.RequestRetransmissionsAbsorbed], Interlocked.Read(ref faults),
                GC.GetTotalMemory(false) / 1048576.0, Environment.WorkingSet / 1048576.0, Environment.CpuUsage.TotalTime.TotalSeconds, GC.CollectionCount(2));
            await File.WriteAllTextAsync(statusFile + ".new", JsonSerializer.Serialize(status), CancellationToken.None);
            File.Move(statusFile + ".new", statusFile, overwrite: true);
            await Task.Delay(Interval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return 0;
    }
}
