namespace VoiceGateway.GeminiLive.Tests;

internal static class Setups
{
    public static LiveSetup Minimal { get; } = new() { Model = "gemini-3.8-live" };
}
