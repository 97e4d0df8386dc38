namespace VoiceGateway.LiveSimulator;

/// <summary>Sends the transcripts of one reply, in disorder when a fault says so.</summary>
internal sealed class Transcriber(SessionContext context)
{
    private readonly List<Fragment> _held = [];
    private bool _late;

    /// <param name="direction"><c>inputTranscription</c> or <c>outputTranscription</c>.</param>
    /// <param name="text">A fragment.</param>
    /// <param name="last">The sentence ends with it.</param>
    public async Task SendAsync(string direction, string text, bool last)
    {
        var fragment = new Fragment(direction, text, Finished: last && context.Terms.Api.IsVertex);
        switch (context.Faults.ForThisReply<Fault.Transcripts>()?.How)
        {
            case TranscriptDisorder.Missing:
                break;
            case TranscriptDisorder.Late:
                _late = true;
                _held.Add(fragment);
                break;
            case TranscriptDisorder.OutOfOrder when _held.Count == 0 && !last:
                _held.Add(fragment);
                break;
            case TranscriptDisorder.Duplicated:
                await WriteAsync(fragment);
                await WriteAsync(fragment);
                break;
            default:
                await WriteAsync(fragment);
                await FlushAsync();
                break;
        }
    }

    /// <summary>Whether a fragment may share a message with audio now.</summary>
    public bool MayShare => context.Faults.Find<Fault.TwoFields>() is not null && context.Faults.Find<Fault.Transcripts>() is null;

    /// <summary>The turn is complete: what was to come after it comes.</summary>
    public Task TurnEndedAsync() => _late ? FlushAsync() : Task.CompletedTask;

    private async Task FlushAsync()
    {
        foreach (var fragment in _held)
            await WriteAsync(fragment);
        _held.Clear();
    }

    private Task WriteAsync(Fragment fragment) =>
        context.Outbox.SendAsync(json => ServerMessages.Transcription(json, fragment.Direction, fragment.Text, fragment.Finished));

    private sealed record Fragment(string Direction, string Text, bool Finished);
}
