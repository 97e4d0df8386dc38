namespace VoiceGateway.LiveSimulator;

/// <summary>Speaks one sentence: audio in bursts, the transcript's fragments in between, each about when its words are sent.</summary>
internal sealed class Speaker(SessionContext context, Transcriber transcriber, bool mayStall, CancellationToken cancelled)
{
    private bool _droughtOver;

    /// <summary>Something of the reply has reached the client.</summary>
    public bool HasSpoken { get; private set; }

    /// <returns>The fault that cut the sentence short, or null.</returns>
    public async Task<Fault.CutShort?> SpeakAsync(string? text, SpokenAudio audio)
    {
        if (context.Terms.TextReplies)
        {
            await WriteAsync(text ?? "");
            return null;
        }

        var cut = mayStall ? context.Faults.ForThisReply<Fault.CutShort>() : null;
        var end = cut is null ? audio.Pcm.Length : HalfAtMost(cut.After, audio);
        await SpeakAloudAsync(text, audio, end);
        return cut;
    }

    private async Task SpeakAloudAsync(string? text, SpokenAudio audio, int end)
    {
        var pcm = audio.Pcm;
        var plan = new BurstPlan(BendDelivery(pcm.Length), context.Random);
        var drought = _droughtOver ? null : context.Faults.ForThisReply<Fault.Drought>();
        var droughtAt = drought is null ? int.MaxValue : HalfAtMost(drought.After, audio);
        var fragments = text is not null && context.Terms.OutputTranscription ? TranscriptCutter.Cut(text, context.Random) : [];
        var characters = 0;
        var next = 0;
        var started = context.Time.GetTimestamp();
        for (var sent = 0; sent < end;)
        {
            string? shared = null;
            // Fragments come with the words, a little before or after: no order is promised.
            var progress = (double)sent / pcm.Length;
            while (next < fragments.Count && characters <= progress * text!.Length)
            {
                characters += fragments[next].Length;
                if (shared is null && transcriber.MayShare)
                    shared = fragments[next++];
                else
                    await TranscribeAsync(fragments, next++);
            }

            var chunk = pcm.Slice(sent, plan.NextChunkBytes(end - sent));
            cancelled.ThrowIfCancellationRequested();
            if (!HasSpoken)
                context.Session.Note(SessionEventKind.FirstAudio);
            HasSpoken = true;
            context.Playback.Play(SpokenAudio.DurationOf(chunk.Length));
            context.Usage.Spoke(chunk.Length);
            await context.Outbox.SendAudioAsync(chunk, shared);
            sent += chunk.Length;

            if (sent >= droughtAt)
            {
                droughtAt = int.MaxValue;
                _droughtOver = true;
                await Task.Delay(drought!.Pause, context.Time, cancelled);
            }

            var pause = plan.Pause(SpokenAudio.DurationOf(sent), context.Time.GetElapsedTime(started));
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, context.Time, cancelled);
        }

        for (; next < fragments.Count && end == pcm.Length; next++)
            await TranscribeAsync(fragments, next);
    }

    private Delivery BendDelivery(int bytes)
    {
        var delivery = context.Scenario.Delivery;
        if (context.Faults.ForThisReply<Fault.TinyChunks>() is { } tiny)
            delivery = delivery with { SmallestChunkBytes = tiny.Bytes, LargestChunkBytes = tiny.Bytes };
        if (context.Faults.ForThisReply<Fault.Slow>() is { } slow)
            delivery = delivery with { Speed = slow.Speed };
        if (context.Faults.ForThisReply<Fault.Burst>() is { } burst)
        {
            delivery = delivery with { Speed = double.PositiveInfinity };
            if (burst.OneMessage)
                delivery = delivery with { SmallestChunkBytes = bytes, LargestChunkBytes = bytes };
        }

        return delivery;
    }

    private static int HalfAtMost(TimeSpan time, SpokenAudio audio) =>
        (int)(Math.Min(time.TotalSeconds, audio.Duration.TotalSeconds / 2) * SpokenAudio.SampleRateHz) * sizeof(short);

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

    private Task TranscribeAsync(List<string> fragments, int index)
    {
        cancelled.ThrowIfCancellationRequested();
        return transcriber.SendAsync("outputTranscription", fragments[index], last: index == fragments.Count - 1);
    }
}
