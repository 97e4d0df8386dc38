
namespace VoiceGateway.Hosting;

/// <summary>The default verb: answers calls until it is told to stop.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(IConfiguration configuration, CancellationToken stop)
    {
        NativeHeap.KeepTogether();
        await using var gateway = await Gateway.StartAsync(configuration, stop);
        await Console.Out.WriteLineAsync(gateway.ReadyLine);
        await gateway.Host.WaitForShutdownAsync(stop);
        return 0;
    }
}
