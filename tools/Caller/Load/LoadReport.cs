namespace VoiceGateway.Caller;

/// <summary>What a load run told. Times in milliseconds.</summary>
public sealed record LoadReport
{
    public required string Target { get; init; }

    public required int CallsPlaced { get; init; }

    public required int CallsAnswered { get; init; }

    /// <summary>Answered, and over before they were hung up here; with redialling, those that the agent ended do not count.</summary>
    public required int CallsLost { get; init; }

    /// <summary>Why calls were not answered or were lost, and how often.</summary>
    public required IReadOnlyDictionary<string, int> Failures { get; init; }

    /// <summary>How long all calls were up together.</summary>
    public required double SteadySeconds { get; init; }

    /// <summary>INVITE to 200.</summary>
    public required Distribution SetupMs { get; init; }

    /// <summary>ACK to the first RTP packet.</summary>
    public required Distribution FirstRtpMs { get; init; }

    /// <summary>ACK to the first audible packet.</summary>
    public required Distribution FirstSpeechMs { get; init; }

    /// <summary>From the end of a caller's speech to the first audible packet of the reply.</summary>
    public required Distribution TurnLatencyMs { get; init; }

    /// <summary>From a caller's first audible frame to the last audible packet of what it interrupted.</summary>
    public required Distribution BargeInStopMs { get; init; }

    /// <summary>Between the RTP packets of a call, all calls together; sockets are read by a clock, so that this is as fine as its tick.</summary>
    public required Distribution InterArrivalMs { get; init; }

    public required int Turns { get; init; }

    public required int TurnsWithoutReply { get; init; }

    public required long PacketsSent { get; init; }

    public required long PacketsReceived { get; init; }

    public required long PacketsLost { get; init; }

    /// <summary>Packets later than their timestamps promised.</summary>
    public required int LateGaps { get; init; }

    /// <summary>Silences inside replies: what a listener takes for stuttering.</summary>
    public required int SilentGaps { get; init; }

    public required GeneratorUse Generator { get; init; }

    /// <summary>The watched process; null when none was watched, or it ended.</summary>
    public ProcessUse? Gateway { get; init; }
}
