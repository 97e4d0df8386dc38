using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Calls;

/// <summary>Section <c>Calls</c>.</summary>
public sealed class CallOptions
{
    public const string Section = "Calls";

    /// <summary>Calls at once; one more is answered 503 with Retry-After.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrent { get; set; } = 1000;

    [Range(1, 24 * 60)]
    public int MaxDurationMinutes { get; set; } = 60;

    /// <summary>The phone rings until the first words of the greeting are there, but no longer than this.</summary>
    [Range(0, 30_000)]
    public int RingForGreetingMs { get; set; } = 4000;

    /// <summary>After a stop is asked, running calls may go on for this long.</summary>
    [Range(0, 3600)]
    public int DrainSeconds { get; set; } = 30;

    /// <summary>How long an outgoing call may ring.</summary>
    [Range(1, 300)]
    public int OutboundRingSeconds { get; set; } = 45;

    /// <summary>What a caller gets when no model can be had before the answer: recorded words, or a 503 that lets a trunk try elsewhere.</summary>
    public WhenLiveUnavailable WhenLiveUnavailable { get; set; } = WhenLiveUnavailable.Apologise;
}
