using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace VoiceGateway.Soak;

/// <summary>Makes another .NET process collect its garbage: who asks the runtime for the events of a heap snapshot makes it begin with a full collection.</summary>
internal static class GarbageCollection
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const long Collect = 0x800000;

    // The second one takes what the finalizers of the first have let go.
    private const int Times = 2;

    public static async Task RunAsync(int pid, CancellationToken stop)
    {
        var client = new DiagnosticsClient(pid);
        for (var i = 0; i < Times; i++)
        {
            using var session = await client.StartEventPipeSessionAsync([new EventPipeProvider(Runtime, EventLevel.Informational, Collect)], requestRundown: false, circularBufferMB: 1, stop);
            // The runtime waits for somebody to read.
            var draining = session.EventStream.CopyToAsync(Stream.Null, stop);
            await Task.Delay(TimeSpan.FromSeconds(1), stop);
            await session.StopAsync(stop);
            await draining;
        }
    }
}
