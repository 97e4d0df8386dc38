using VoiceGateway.Calls;
using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;

namespace VoiceGateway.Hosting;

/// <summary><c>-- check</c>: starts everything as for a call (files, database, ports, plugins), probes the Live endpoint, and stops.</summary>
internal static class Check
{
    public static async Task<int> RunAsync(IConfiguration configuration, CancellationToken stop)
    {
        await using var gateway = await Gateway.StartAsync(configuration, stop);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, gateway.Stopping);
        stop = ending.Token;
        Console.WriteLine($"configuration  {GatewayConfiguration.Folder(configuration)}: fine");
        Console.WriteLine($"sip            {string.Join(", ", gateway.Sip.BoundEndPoints)}: listening");
        Console.WriteLine($"http           {gateway.AdminUrl}: listening");
        foreach (var agent in gateway.Routes.Agents)
            Console.WriteLine($"agent          {agent.Name}: {agent.Model ?? gateway.Live.Model}, tools {string.Join(", ", agent.Tools)}");
        return await ProbeLiveAsync(gateway.Live, gateway.Routes, stop) ? 0 : 1;
    }

    private static async Task<bool> ProbeLiveAsync(LiveTarget live, RouteTable routes, CancellationToken stop)
    {
        var model = routes.Agents.FirstOrDefault()?.Model ?? live.Model;
        var options = new LiveSessionOptions { SetupTimeout = live.SetupTimeout, ConnectTimeout = live.SetupTimeout };
        var result = await LiveSession.ConnectAsync(live.Endpoint, new LiveSetup { Model = model }, new SilentHandler(), options, stop);
        Console.WriteLine($"live           {live} {model}: {(result.IsConnected ? "setup complete" : result.Failure.ToString())}");
        if (!result.IsConnected) return false;
        await result.Session.DisposeAsync();
        return true;
    }

    private sealed class SilentHandler : ILiveSessionHandler
    {
        public void OnAudio(ReadOnlySpan<byte> pcm24kHz) { }
        public void OnInterrupted() { }
        public void OnInputTranscript(string text, bool finished) { }
        public void OnOutputTranscript(string text, bool finished) { }
        public void OnText(string text) { }
        public void OnToolCall(IReadOnlyList<LiveFunctionCall> calls) { }
        public void OnToolCallCancelled(IReadOnlyList<string> ids) { }
        public void OnGenerationComplete() { }
        public void OnTurnComplete(string? reason) { }
        public void OnGoAway(TimeSpan timeLeft) { }
        public void OnResumptionUpdate(string? handle, bool resumable) { }
        public void OnUsage(LiveUsage usage) { }
    }
}
