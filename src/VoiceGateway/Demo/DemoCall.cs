namespace VoiceGateway.Demo;

internal static class DemoCall
{
    public static Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken stop) => Task.FromResult(1);
}
