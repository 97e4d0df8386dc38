using VoiceGateway.Codecs;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>What the calls of one run of sipp are like.</summary>
internal sealed record SippOptions
{
    public SpeechCodec Codec { get; init; } = G711Codec.MuLaw;

    /// <summary>What the caller says, where the scenario lets them speak.</summary>
    public SpokenLine? Speech { get; init; }

    /// <summary>The scenario's pause without a time of its own.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    public bool Tcp { get; init; }

    /// <summary>Signalling and media over ::1.</summary>
    public bool IPv6 { get; init; }

    /// <summary>What it shows when it is asked for a password.</summary>
    public (string User, string Password)? Credentials { get; init; }

    public int Calls { get; init; } = 1;

    public int CallsPerSecond { get; init; } = 10;

    /// <summary>Values for words in brackets of the scenario.</summary>
    public IReadOnlyList<(string Name, string Value)> Keys { get; init; } = [];

    public string PayloadType => Codec == G711Codec.ALaw ? "8" : "0";

    /// <summary>A call in which this line is said, with time enough for it.</summary>
    public static SippOptions Saying(SpokenLine line) => new() { Speech = line, Pause = line.Duration + TimeSpan.FromMilliseconds(400) };
}
