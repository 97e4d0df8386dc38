namespace VoiceGateway.Caller.Tests;

/// <summary>How the answering peer behaves: a voice agent made of one tone.</summary>
internal sealed record AgentBehaviour
{
    public int? RefuseWith { get; init; }

    public bool NeverAnswers { get; init; }

    public TimeSpan RingsFor { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The tone of everything that it says.</summary>
    public double ToneHz { get; init; } = 1000;

    public TimeSpan GreetingDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Zero: it says nothing of its own accord.</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>From the end of the caller's speech to its reply.</summary>
    public TimeSpan ReplyDelay { get; init; } = TimeSpan.FromMilliseconds(300);

    public TimeSpan Reply { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>A pause in the middle of every reply.</summary>
    public TimeSpan ReplyPause { get; init; }

    /// <summary>How long it goes on speaking when it is spoken over.</summary>
    public TimeSpan StopsAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>It hangs up after so many replies.</summary>
    public int? HangsUpAfterReplies { get; init; }

    /// <summary>It presses these once, when the call is answered.</summary>
    public string Digits { get; init; } = "";

    public bool SendsOnlyALaw { get; init; }
}
