namespace VoiceGateway.Soak;

/// <summary>
/// Says of each 20 ms that the server received which 20 ms of the caller's it was. Follows the audio frame by frame, and where
/// it breaks off looks for the place where it goes on: near, then in all that was sent in the last three quarters of a minute.
/// </summary>
internal sealed class LineTracker(SentLine sent)
{
    private const int Frame = SentLine.FrameSamples;
    private const int Block = 5 * Frame;
    private const int ShortBlock = 2 * Frame;

    // The codec and two filters leave 0.9 of a pause's noise and more of speech. One vowel is like another, too, but not that much.
    private const double SameFrame = 0.7;
    private const double SameBlock = 0.85;
    private const double SameShortBlock = 0.93;

    // A little more than what a link keeps for a replay.
    private const int Longest = 45 * SentLine.SampleRateHz;
    private const int Near = 6 * SentLine.SampleRateHz;

    private readonly Searcher _searcher = new();

    public void Follow(HeardAudio heard)
    {
        long at = -1;
        var lost = 0;
        for (var frame = 0; frame < heard.SentTo.Length; frame++)
        {
            // What the gateway filled in for packets that came late: the caller's audio goes on after it where it was.
            if (IsZero(heard.Pcm8kHz.AsSpan(frame * Frame, Frame))) continue;
            var (place, likeness) = at < 0 ? (-1, 0) : Here(heard, frame, at);
            if (likeness < SameFrame && (lost < 50 || lost % 5 == 0)) (place, likeness) = Anywhere(heard, frame);
            if (likeness < SameFrame)
            {
                lost++;
                at = at < 0 ? at : at + Frame;
                continue;
            }
            lost = 0;
            heard.SentTo[frame] = place;
            at = place + Frame;
        }
    }

    private static bool IsZero(ReadOnlySpan<short> pcm)
    {
        foreach (var sample in pcm)
            if (sample is < -2 or > 2) return false;
        return true;
    }

    /// <summary>Where it should be, give or take a fraction of a millisecond.</summary>
    private (long, double) Here(HeardAudio heard, int frame, long at)
    {
        var piece = heard.Pcm8kHz.AsSpan(frame * Frame, Frame);
        var (best, place) = (0.0, -1L);
        for (var shift = -4; shift <= 4; shift++)
        {
            if (at + shift < 0 || at + shift + Frame > sent.Samples.Length) continue;
            var likeness = Searcher.Likeness(piece, sent.Samples.Slice((int)(at + shift), Frame));
            if (likeness > best) (best, place) = (likeness, at + shift);
        }
        return (place, best);
    }

    private (long, double) Anywhere(HeardAudio heard, int frame)
    {
        var until = (long)sent.FramesAt(heard.FrameAt[frame]) * Frame;
        var from = frame * Frame;
        foreach (var (block, reach, enough) in ((int, int, double)[])[(Block, Near, SameBlock), (Block, Longest, SameBlock), (ShortBlock, Near, SameShortBlock)])
        {
            if (from + block > heard.Pcm8kHz.Length) continue;
            var start = Math.Max(0, until - reach);
            // Later frames of the block may have been sent after this one arrived.
            var length = (int)(Math.Min(sent.Samples.Length, until + block) - start);
            if (length < block) continue;
            var (found, likeness) = _searcher.Find(heard.Pcm8kHz.AsSpan(from, block), sent.Samples.Slice((int)start, length));
            if (likeness >= enough) return (start + found, likeness);
        }
        return (-1, 0);
    }
}
