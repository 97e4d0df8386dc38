namespace VoiceGateway.GeminiLive;

/// <summary>
/// What a conversation says, whichever connection it comes over; and what becomes of the connections. The model's events come
/// from one receive loop at a time and never from a connection that was given up.
/// </summary>
public interface ILiveLinkHandler : ILiveSessionHandler
{
    /// <summary>Nobody speaks, the model owes no answer and no tool runs: a good moment to change connections. Any thread.</summary>
    bool IsQuiet { get; }

    /// <summary>What was said so far, for a model that does not remember it; empty at the start of a conversation without a past.</summary>
    IReadOnlyList<LiveContent> History();

    /// <summary>What goes to the link now is kept until <see cref="OnLinkUp"/>.</summary>
    void OnLinkDown(LinkDown down);

    /// <summary>The first thing said on the new connection may be said from here: it goes ahead of the caller's audio.</summary>
    void OnLinkUp(LinkUp up);

    /// <summary>One attempt to connect failed; others may follow.</summary>
    void OnAttemptFailed(LiveRoute route, LiveFailure failure);
}
