using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.LiveSimulator;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>A recorded line at 8 kHz: as a peer says it, and how well it arrived.</summary>
internal sealed record SpokenLine(short[] Pcm8kHz)
{
    private const int PatienceSamples16kHz = 16 * 15;

    public TimeSpan Duration => TimeSpan.FromSeconds(Pcm8kHz.Length / 8000.0);

    /// <summary>One of the caller's.</summary>
    public static SpokenLine Caller(int number) => new(CallerVoice.Lines[number].Read().Samples);

    /// <summary>One of the agent's, brought to 8 kHz.</summary>
    public static SpokenLine Agent(string words)
    {
        var wav = AgentVoice.Lines.Single(line => line.Text == words).Read();
        return new SpokenLine(Alignment.Resampled(Resampler.From24To8kHz(), wav.Samples));
    }

    public byte[] Encode(SpeechCodec codec)
    {
        var payload = new byte[codec.PayloadBytes(Pcm8kHz.Length)];
        codec.Encode(Pcm8kHz, payload);
        return payload;
    }

    /// <summary>With silence before and after it.</summary>
    public short[] Within(TimeSpan before, TimeSpan after) =>
        [.. new short[(int)(before.TotalSeconds * 8000)], .. Pcm8kHz, .. new short[(int)(after.TotalSeconds * 8000)]];

    public double SnrHeardAt8kHz(short[] recording) => Alignment.SignalToNoiseDb(Pcm8kHz, recording, 8000);

    public double SnrHeardAt16kHz(short[] recording) => Alignment.SignalToNoiseDb(Alignment.Resampled(Resampler.From8To16kHz(), Pcm8kHz), recording, 16000);

    /// <summary>
    /// Whether the peer was held up while it spoke, by a busy machine: then its packets came late, the gateway filled the hole,
    /// and what was heard is longer than what was said. (A gateway that is held up itself owes no hole: there is a test of that.)
    /// </summary>
    public bool WasHeldUp(SpeechCodec codec, short[] recording16kHz)
    {
        var decoded = new short[Pcm8kHz.Length];
        codec.Decode(Encode(codec), decoded);
        return AudibleSamples(recording16kHz) > AudibleSamples(Alignment.Resampled(Resampler.From8To16kHz(), decoded)) + PatienceSamples16kHz;
    }

    // Digital silence around a line is exactly that, but for a code of A-law next to zero.
    private static int AudibleSamples(short[] pcm) =>
        Array.FindLastIndex(pcm, static s => Math.Abs(s) > 16) - Array.FindIndex(pcm, static s => Math.Abs(s) > 16);
}
