using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary>How one call is placed and measured.</summary>
public sealed record CallerOptions
{
    /// <summary>Who is called: <c>sip:100@127.0.0.1:5060</c>, with <c>;transport=tcp</c> for TCP.</summary>
    public required SipUri Target { get; init; }

    /// <summary>Who calls; null: <c>sip:caller@</c> and the softphone's address.</summary>
    public SipUri? From { get; init; }

    public string? DisplayName { get; init; }

    public CallerCodec Codec { get; init; }

    /// <summary>Whether the audio is encrypted. Optional: as the far end likes; Required: or there is no call.</summary>
    public SrtpPolicy Srtp { get; init; } = SrtpPolicy.Never;

    /// <summary>Told of what happens, in order, on a thread of the pool.</summary>
    public IProgress<CallerEvent>? Progress { get; init; }

    /// <summary>False: only the signalling is told of. Hundreds of calls that tell of every word wake the pool all the time.</summary>
    internal bool TellOfMedia { get; init; } = true;

    /// <summary>Keep both directions in memory (about 2 MB a minute) for <see cref="CallerReport.Recording"/>.</summary>
    public bool Record { get; init; } = true;

    /// <summary>The line between the caller's mouth and the network; null: nothing of it is kept or changed.</summary>
    public ICallerLine? Line { get; init; }

    /// <summary>What becomes of the caller's RTP on its way.</summary>
    public Impairments Impairments { get; init; } = Impairments.None;

    /// <summary>An INVITE that is not answered by then is cancelled.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The call is hung up then, wherever the script is.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The silence after which the agent's turn is over.</summary>
    public TimeSpan TurnSilence { get; init; } = TimeSpan.FromMilliseconds(700);

    /// <summary>The silence after which an agent that is spoken over has stopped.</summary>
    public TimeSpan BargeInSilence { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>An RTP packet that is later than this is a gap.</summary>
    public TimeSpan LateGap { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>A silence inside a reply that is longer than this is a gap. People pause for a quarter of a second between words.</summary>
    public TimeSpan SilentGap { get; init; } = TimeSpan.FromMilliseconds(350);

    /// <summary>Where the times between packets go; several calls of one softphone may share it. Null: one of this call's own.</summary>
    public ArrivalHistogram? Arrivals { get; init; }
}
