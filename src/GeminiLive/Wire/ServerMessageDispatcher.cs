namespace VoiceGateway.GeminiLive;

/// <summary>
/// A parsed message to the handler, in an order that is safe whatever the fields are: what takes back comes before what
/// adds (<c>interrupted</c> first of all), and the turn's end comes last.
/// </summary>
internal sealed class ServerMessageDispatcher(ILiveSessionHandler handler, LiveSessionCounters counters, DownlinkAudio audio)
{
    /// <param name="json">The bytes that <paramref name="message"/> was parsed from: its audio is still in there.</param>
    public void Dispatch(ServerMessage message, ReadOnlySpan<byte> json)
    {
        Count(message);
        if (message.Interrupted)
        {
            audio.Restart();
            handler.OnInterrupted();
        }

        if (message.CancelledToolCalls is { } cancelled) handler.OnToolCallCancelled(cancelled);
        if (message.VoiceActivity is { } activity) handler.OnVoiceActivity(activity);
        if (message.InputTranscript is { IsThere: true } said) handler.OnInputTranscript(said.Words, said.Finished);
        foreach (ServerPart part in message.Parts) DispatchPart(part, json);
        if (message.OutputTranscript is { IsThere: true } spoken) handler.OnOutputTranscript(spoken.Words, spoken.Finished);
        if (message.GroundingMetadata is { } grounding) handler.OnGroundingMetadata(grounding);
        if (message.ToolCalls is { } calls) handler.OnToolCall(calls);
        if (message.GenerationComplete) handler.OnGenerationComplete();
        if (message.WaitingForInput) handler.OnWaitingForInput();
        if (message.InteractionStatus is { } status) handler.OnInteractionStatus(status);
        if (message.TurnComplete)
        {
            audio.Restart();
            handler.OnTurnComplete(message.TurnCompleteReason);
        }

        if (message.Usage is { } usage) handler.OnUsage(usage);
        if (message.Resumption is var (handle, resumable, _)) handler.OnResumptionUpdate(handle, resumable);
        if (message.GoAwayTimeLeft is { } timeLeft) handler.OnGoAway(timeLeft);
    }

    private void DispatchPart(ServerPart part, ReadOnlySpan<byte> json)
    {
        switch (part.Kind)
        {
            case ServerPartKind.Audio:
                ReadOnlySpan<byte> pcm = audio.Decode(json.Slice(part.Start, part.Length), part.Escaped);
                if (pcm.IsEmpty) break;
                counters.AudioBytesReceivedCount += pcm.Length;
                handler.OnAudio(pcm);
                break;
            case ServerPartKind.UnsupportedMedia:
                counters.UnsupportedMediaCount++;
                handler.OnUnsupportedMedia(part.Text ?? "");
                break;
            case ServerPartKind.Text:
                handler.OnText(part.Text!);
                break;
            case ServerPartKind.Thought:
                handler.OnThought(part.Text!);
                break;
            case ServerPartKind.ExecutableCode:
                handler.OnExecutableCode(part.Json);
                break;
            case ServerPartKind.CodeExecutionResult:
                handler.OnCodeExecutionResult(part.Json);
                break;
        }
    }

    private void Count(ServerMessage message)
    {
        counters.ToolIdsGeneratedCount += message.ToolIdsGenerated;
        if (!message.Known) counters.UnknownMessagesCount++;
    }
}
