using System.Text.Json.Serialization;

namespace VoiceGateway.Caller;

/// <summary>Everything a call told. Times in milliseconds; null for what never happened.</summary>
public sealed record CallerReport
{
    public required string Target { get; init; }

    public string? CallId { get; init; }

    public required CallerOutcome Outcome { get; init; }

    /// <summary>The final response to the INVITE.</summary>
    public int? StatusCode { get; init; }

    /// <summary>How it ended, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>As in SDP: PCMU or PCMA.</summary>
    public string? Codec { get; init; }

    /// <summary>INVITE to the first 180 or 183.</summary>
    public double? RingingMs { get; init; }

    /// <summary>INVITE to 200, which is acknowledged at once.</summary>
    public double? AnsweredMs { get; init; }

    /// <summary>ACK to the first RTP packet; 0 when media came before.</summary>
    public double? FirstRtpMs { get; init; }

    /// <summary>ACK to the first audible RTP packet.</summary>
    public double? FirstSpeechMs { get; init; }

    /// <summary>Answer to the end.</summary>
    public double? DurationMs { get; init; }

    /// <summary>Every step was done.</summary>
    public bool ScriptFinished { get; init; }

    /// <summary>What went otherwise than the script expected, a sentence each.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public IReadOnlyList<TurnReport> Turns { get; init; } = [];

    public RtpReport Rtp { get; init; } = new();

    public int LostGaps { get; init; }

    public int LateGaps { get; init; }

    public int SilentGaps { get; init; }

    /// <summary>The first few hundred gaps, in order.</summary>
    public IReadOnlyList<Gap> Gaps { get; init; } = [];

    /// <summary>The far end's key presses.</summary>
    public string DigitsHeard { get; init; } = "";

    /// <summary>Of the caller's packets, in order, whether each was lost on purpose; empty without <see cref="CallerOptions.Impairments"/>.</summary>
    [JsonIgnore]
    public IReadOnlyList<bool> PacketsTaken { get; init; } = [];

    [JsonIgnore]
    public CallRecording Recording { get; init; } = CallRecording.Empty;

    /// <summary>The script was done and met nothing unexpected.</summary>
    [JsonIgnore]
    public bool Succeeded => ScriptFinished && Problems.Count == 0 && (Outcome is CallerOutcome.HungUp or CallerOutcome.RemoteHungUp);
}
