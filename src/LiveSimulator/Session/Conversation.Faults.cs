namespace VoiceGateway.LiveSimulator;

/// <content>Faults that a conversation must know of.</content>
internal sealed partial class Conversation
{
    private async Task SufferAsync(CallerEvent.FaultDue due)
    {
        switch (due.Fault)
        {
            case Fault.PhantomInterrupted { GoesOn: true }:
                await AnnounceAsync(unfinished: false);
                break;
            case Fault.PhantomInterrupted:
                await BreakOffAsync(announced: true);
                break;
            case Fault.CancelTools:
                await BreakOffAsync(announced: false);
                break;
            case Fault.UnknownFunction unknown:
                await CallUnknownAsync(unknown.Name);
                break;
            default:
                throw new InvalidOperationException($"No way to suffer {due.Fault}.");
        }

        due.Done.TrySetResult(true);
    }

    /// <summary>Stops the reply for no reason of the caller's. A nudge gets the rest.</summary>
    private async Task BreakOffAsync(bool announced)
    {
        if (!announced && !context.ToolDesk.IsWaiting)
            return;
        var reply = _reply;
        var unfinished = await StopReplyAsync();
        context.Playback.Stop();
        await CancelToolsAsync();
        if (reply?.Rest is { } rest)
            _stall ??= new Stalled(rest, StallEnd.NextTurn, TurnOpen: false);
        await AnnounceAsync(unfinished, silently: !announced);
    }

    private async Task CallUnknownAsync(string name)
    {
        var call = new OpenToolCall(OpenToolCall.NewId(Random.Shared), name, EmptyObject.Value, name);
        context.ToolDesk.OpenAside(call);
        context.Session.NoteToolCall(call.Id, name, call.Args);
        await context.Outbox.SendAsync(json => ServerMessages.ToolCall(json, [call], withIds: true));
    }
}
