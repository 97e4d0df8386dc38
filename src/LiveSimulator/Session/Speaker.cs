namespace VoiceGateway.LiveSimulator;

/// <summary>Speaks one sentence: audio in bursts, the transcript's fragments in between, each about when its words are sent.</summary>
internal sealed class Speaker(SessionContext context, CancellationToken cancelled)
{
    private readonly BurstPlan _plan = new(context.Scenario.Delivery, context.Random);

    /// <summary>Something of the reply has reached the client.</summary>
    public bool HasSpoken { get; private set; }

    public Task SpeakAsync(string? text, SpokenAudio audio) =>
        context.Terms.TextReplies ? WriteAsync(text ?? "") : SpeakAloudAsync(text, audio.Pcm);

    private async Task SpeakAloudAsync(string? text, ReadOnlyMemory<byte> pcm)
    {
        var fragments = text is not null && context.Terms.OutputTranscription ? TranscriptCutter.Cut(text, context.Random) : [];
        var characters = 0;
        var next = 0;
        var started = context.Time.GetTimestamp();
        for (var sent = 0; sent < pcm.Length;)
        {
            // Fragments come with the words, a little before or after: no order is promised.
            var progress = (double)sent / pcm.Length;
            while (next < fragments.Count && characters <= progress * text!.Length)
            {
                await TranscribeAsync(fragments[next], next == fragments.Count - 1);
                characters += fragments[next++].Length;
            }

            var chunk = pcm.Slice(sent, _plan.NextChunkBytes(pcm.Length - sent));
            cancelled.ThrowIfCancellationRequested();
            if (!HasSpoken)
                context.Session.Note(SessionEventKind.FirstAudio);
            HasSpoken = true;
            context.Playback.Play(SpokenAudio.DurationOf(chunk.Length));
            context.Usage.Spoke(chunk.Length);
            await context.Outbox.SendAudioAsync(chunk);
            sent += chunk.Length;

            var pause = _plan.Pause(SpokenAudio.DurationOf(sent), context.Time.GetElapsedTime(started));
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, context.Time, cancelled);
        }

        for (; next < fragments.Count; next++)
            await TranscribeAsync(fragments[next], next == fragments.Count - 1);
    }

    private async Task WriteAsync(string text)
    {
        foreach (var fragment in TranscriptCutter.Cut(text, context.Random))
        {
            cancelled.ThrowIfCancellationRequested();
            HasSpoken = true;
            context.Usage.Wrote(fragment);
            await context.Outbox.SendAsync(json => ServerMessages.Text(json, fragment));
        }
    }

    private Task TranscribeAsync(string fragment, bool last)
    {
        cancelled.ThrowIfCancellationRequested();
        var finished = last && context.Terms.Api.IsVertex;
        return context.Outbox.SendAsync(json => ServerMessages.Transcription(json, "outputTranscription", fragment, finished));
    }
}
