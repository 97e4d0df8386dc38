using System.Runtime.InteropServices;
using System.Text.Json;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>Server messages that a test sends through the simulator's session at a moment of its own.</summary>
internal static class ModelMessages
{
    public const string Interrupted = """{"serverContent":{"interrupted":true}}""";
    public const string TurnComplete = """{"serverContent":{"turnComplete":true}}""";
    public const string GenerationComplete = """{"serverContent":{"generationComplete":true}}""";

    public static string Audio(short[] pcm24kHz) => JsonSerializer.Serialize(new
    {
        serverContent = new
        {
            modelTurn = new { parts = new[] { new { inlineData = new { mimeType = "audio/pcm;rate=24000", data = MemoryMarshal.AsBytes(pcm24kHz.AsSpan()).ToArray() } } } },
        },
    });

    public static short[] Tone(double hz, int milliseconds, int rateHz, double amplitude = 10_000) =>
        [.. Enumerable.Range(0, rateHz * milliseconds / 1000).Select(i => (short)(amplitude * Math.Sin(2 * Math.PI * hz * i / rateHz)))];
}
