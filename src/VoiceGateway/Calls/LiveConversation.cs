using VoiceGateway.GeminiLive;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>
/// What the model says and wants, spread over the rooms of the call: audio to the audio path, words to the ledger, function
/// calls to the tools; and what a model is told that takes up the conversation on a new connection. On the link's receive loop.
/// </summary>
internal sealed class LiveConversation(
    CallAudioPath audio, HeardLedger ledger, TurnTimeline timeline, CallTools tools, ConversationWatch watch, CallUsage usage, LinkJournal journal) : ILiveLinkHandler
{
    private LiveLink? _link;
    private volatile bool _generating;
    private string? _cutShort;

    /// <summary>What came before the call, as the agent's profile has it.</summary>
    public IReadOnlyList<LiveContent> Seed { get; set; } = [];

    public bool IsQuiet => !_generating && !audio.CallerHasTheFloor && tools.Pending == 0;

    public void Attach(LiveLink link) => _link = link;

    public IReadOnlyList<LiveContent> History() =>
        [.. Seed, .. ledger.Answered().Where(static u => u.HeardText.Length > 0).Select(static u => new LiveContent(u.Speaker == Speaker.Caller ? "user" : "model", u.HeardText))];

    public void OnAudio(ReadOnlySpan<byte> pcm24kHz)
    {
        Acted();
        audio.OnModelAudio(pcm24kHz);
    }

    public void OnInterrupted() => audio.OnInterrupted();

    public void OnInputTranscript(ReadOnlySpan<char> text, bool finished)
    {
        watch.CallerText();
        ledger.CallerText(text, finished, audio.CallerSpokeAt ?? timeline.Now);
    }

    public void OnOutputTranscript(ReadOnlySpan<char> text, bool finished)
    {
        Acted();
        watch.ModelText(text);
        ledger.AgentText(text, audio.Leg.Playout.QueuedSamples, timeline.Now);
    }

    // Native audio models send text only beside the speech: it is not heard, so it is no transcript.
    public void OnText(string text) => watch.ModelText();

    public void OnThought(string text) => watch.ModelText();

    public void OnToolCall(IReadOnlyList<LiveFunctionCall> calls)
    {
        Acted();
        audio.OnToolCall();
        tools.Asked(calls);
    }

    public void OnToolCallCancelled(IReadOnlyList<string> ids) => tools.Cancelled(ids);

    public void OnGenerationComplete() => audio.OnGenerationComplete();

    public void OnTurnComplete(string? reason)
    {
        _generating = false;
        usage.TurnComplete();
        tools.TurnComplete();
        audio.OnTurnComplete();
    }

    public void OnGoAway(TimeSpan timeLeft)
    {
    }

    public void OnResumptionUpdate(string? handle, bool resumable)
    {
        if (resumable) tools.Remembered();
    }

    public void OnUsage(LiveUsage counted) => usage.Count(counted);

    public void OnAttemptFailed(LiveRoute route, LiveFailure failure) => journal.AttemptFailed(route, failure);

    public void OnLinkDown(LinkDown down)
    {
        _cutShort = _generating && ledger.Snapshot(long.MaxValue).LastOrDefault() is { Speaker: Speaker.Agent, Final: false } words ? words.HeardText : null;
        _generating = false;
        journal.Down(down);
        watch.LinkDown();
        audio.OnLinkDown();
    }

    public void OnLinkUp(LinkUp up)
    {
        journal.Up(up);
        journal.AudioLost(_link!.LostAudio);
        usage.ConnectionChanged(up.Route.Setup.Model);
        // The wait begins anew with the connection; what was owed before is owed still.
        var owed = watch.IsOwed;
        watch.LinkUp(fresh: !up.Resumed);
        if (up.Cause == LinkCause.Start) return;

        List<string> notes = [.. tools.Unremembered(up.Resumed)];
        if (_cutShort is { Length: > 0 } heard) notes.Insert(0, SystemNote.CutShort(heard));
        _cutShort = null;
        foreach (var note in notes) Tell(note, up.SpeechReplayed);
        if (up.SpeechReplayed) ledger.ForgetUnanswered();
        else if (owed && notes.Count == 0 && !up.TextRepeated && watch.Text(WatchAction.Nudge) is { } words) Tell(words, answerFollows: false);
    }

    // An utterance that is heard again brings its answer with it; without one the model has to be asked.
    private void Tell(string note, bool answerFollows)
    {
        if (!answerFollows || !_link!.SendContext(note)) _link!.SendText(note, keep: false);
        watch.Nudged();
    }

    private void Acted()
    {
        _generating = true;
        usage.ModelActed();
    }
}
