using System.ComponentModel.DataAnnotations;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Calls;

/// <summary>Section <c>Calls</c>.</summary>
public sealed class CallOptions : IValidatableObject
{
    public const string Section = "Calls";

    /// <summary>Calls at once; one more is answered 503 with Retry-After.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrent { get; set; } = 1000;

    /// <summary>Then the agent says goodbye; see also <c>Turns:WarningSeconds</c>.</summary>
    [Range(0.1, 24 * 60)]
    public double MaxDurationMinutes { get; set; } = 60;

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

    /// <summary>
    /// Numbers, extensions and SIP URIs that an agent may hand callers to: exact, or a beginning with a star (<c>+4930*</c>). An
    /// agent's own <c>human</c> is always allowed, nobody else unless named here: callers talk models into all sorts of things.
    /// </summary>
    public string[] TransferTargets { get; set; } = [];

    /// <summary>Host whose numbers these are; empty: the one that the call came from.</summary>
    public string TransferDomain { get; set; } = "";

    /// <summary>How long the other side of a transfer may ring before the agent takes the caller back.</summary>
    [Range(1, 300)]
    public int TransferRingSeconds { get; set; } = 30;

    /// <summary>Whether the other side may hand a call on: by REFER, upon which we call somebody else, or by INVITE with Replaces.</summary>
    public AcceptRefer AcceptRefer { get; set; } = AcceptRefer.KnownPeers;

    /// <summary>
    /// Whom a REFER may have us call, as in <see cref="TransferTargets"/>; the agent's <c>human</c> always. Besides these only the
    /// other end of a call that the asking side already has (an attended transfer within its own system): there nothing is dialled.
    /// </summary>
    public string[] ReferTargets { get; set; } = [];

    /// <summary>Who gets the calls that are one too many: a number, a SIP URI, or <c>human</c> for the agent's own; empty: nobody, they get a 503.</summary>
    public string Overflow { get; set; } = "";

    /// <summary>How a caller gets to the agent's human when no model can be had before the answer.</summary>
    public OverflowBy OverflowBy { get; set; } = OverflowBy.Redirect;

    /// <summary><see cref="Overflow"/> for one agent's callers; null: nobody.</summary>
    public TransferTarget? OverflowOf(string? human) => TransferTarget.Parse(IsHuman(Overflow) ? human : Overflow);

    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        foreach (var problem in Patterns(TransferTargets, nameof(TransferTargets)).Concat(Patterns(ReferTargets, nameof(ReferTargets)))) yield return problem;
        if (Overflow.Length > 0 && !IsHuman(Overflow) && TransferTarget.Parse(Overflow) is null)
            yield return new("must be a number, a SIP URI, or 'human'", [nameof(Overflow)]);
        if (TransferDomain.Length > 0 && !(SipUri.TryParse($"sip:{TransferDomain}", out var uri) && uri is { User: null, Parameters.Count: 0, Headers.Count: 0 }))
            yield return new("must be a host, or host:port", [nameof(TransferDomain)]);
    }

    private static IEnumerable<ValidationResult> Patterns(string[] patterns, string key)
    {
        for (var i = 0; i < patterns.Length; i++)
            if (patterns[i] is { } pattern && pattern != "*" && TransferTarget.Parse(pattern.TrimEnd('*')) is null)
                yield return new("is neither number, extension nor SIP URI, with or without a star at its end", [$"{key}:{i}"]);
    }

    private static bool IsHuman(string overflow) => overflow.Equals("human", StringComparison.OrdinalIgnoreCase);
}
