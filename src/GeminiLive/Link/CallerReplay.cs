using System.Buffers;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// The caller's audio that the model may have to be given again: what has not been sent yet, and what was sent since the state
/// that the resumption handle stands for. Silence is no loss, so of it only the newest half second is kept; of an utterance all.
/// <code>
///   0            _cursor        Count
///   | sent, may be lost | not sent yet |        frames of 20 ms at 16 kHz
/// </code>
/// Not thread-safe: the link locks. What is given again comes out of <see cref="KeptFrame"/>; a frame that is taken as soon as it has
/// come, as nearly all are, is the one that came. All frames are kept as narrowband until a wideband one comes, and again when the
/// last of those is forgotten.
/// </summary>
internal sealed class CallerReplay(ArrayPool<byte> pool, int mostFrames) : IDisposable
{
    /// <summary>An onset that was noticed late, and what was on its way when a connection broke.</summary>
    public const int PreRollFrames = 25;

    // The model hears the end of an utterance by the silence after it.
    private const int TailFrames = 50;

    private FrameStore _frames = new(pool, KeptFrame.NarrowLength);

    // Made by the first replay: most calls need none.
    private short[]? _again;
    private bool _over;
    private int _cursor;
    private int _wideBefore;
    private int _remembered;
    private int _answered;
    private int _sinceVoice = int.MaxValue;

    /// <summary>Unanswered speech thrown away because there was more than may be kept.</summary>
    public long LostFrames { get; private set; }

    public int Unsent => _frames.Count - _cursor;

    public bool HasUnsentVoice => HasVoice(_cursor, _frames.Count);

    /// <param name="frame">320 samples.</param>
    /// <param name="voiced">The caller speaks.</param>
    /// <param name="narrowband">It was made from 8 kHz.</param>
    public void Append(ReadOnlySpan<short> frame, bool voiced, bool narrowband)
    {
        if (_over) return;
        ForgetSilence();
        if (_frames.Count == mostFrames) MakeRoom();
        var frameBytes = narrowband && _wideBefore == 0 ? KeptFrame.NarrowLength : KeptFrame.WideLength;
        if (_frames.FrameBytes != frameBytes) KeepAs(frameBytes);
        KeptFrame.Write(frame, voiced, _frames.Add());
        if (!narrowband) _wideBefore = _frames.Count;
        _sinceVoice = voiced ? 0 : _sinceVoice == int.MaxValue ? _sinceVoice : _sinceVoice + 1;
    }

    /// <summary>The next frame that this connection has not been given; the span is good until the next change.</summary>
    /// <param name="newest">The last one as it came, while who brought it is still there; else empty.</param>
    /// <param name="frame">320 samples.</param>
    /// <param name="voiced">The caller speaks.</param>
    public bool TryNext(ReadOnlySpan<short> newest, out ReadOnlySpan<short> frame, out bool voiced)
    {
        voiced = false;
        frame = default;
        if (_cursor == _frames.Count) return false;
        if (_cursor == _frames.Count - 1 && !newest.IsEmpty)
        {
            frame = newest;
            voiced = _sinceVoice == 0;
        }
        else
        {
            frame = Read(_cursor, _again ??= new short[PcmFormat.SamplesPerFrame]);
            voiced = IsVoiced(_cursor);
        }
        _cursor++;
        return true;
    }

    /// <summary>Frames that were passed over as silence turn out to be the beginning of an utterance.</summary>
    /// <returns>How many there are.</returns>
    public int StepBack(int frames)
    {
        frames = Math.Min(frames, _cursor);
        _cursor -= frames;
        return frames;
    }

    /// <summary>A new connection that knows nothing after the handle is given all that came since.</summary>
    public void RewindToRemembered() => _cursor = Math.Min(_cursor, _remembered);

    /// <summary>A new connection that is told in words what was said needs only what has not been answered.</summary>
    public void RewindToAnswered() => _cursor = Math.Min(_cursor, _answered);

    /// <summary>The model's turn is complete: what it answered is in the transcript.</summary>
    public void MarkAnswered()
    {
        _answered = Math.Max(0, OnsetBefore(_cursor) - PreRollFrames);
        Forget(Math.Min(_remembered, _answered));
    }

    /// <summary>
    /// The model remembers what was sent so far, except for what may have been under way: the utterance that goes on, or the newest
    /// half second. What nobody has answered stays here all the same, for a session without that memory.
    /// </summary>
    public void Checkpoint()
    {
        _remembered = Math.Max(0, OnsetBefore(_cursor) - PreRollFrames);
        Forget(Math.Min(_remembered, _answered));
    }

    /// <summary>For a model that is given no handles: what it answered is in the transcript, and nothing else will be asked for.</summary>
    public void ForgetAnswered()
    {
        _remembered = Math.Max(_remembered, _answered);
        Forget(_answered);
    }

    public void Dispose()
    {
        _over = true;
        Remove(0, _frames.Count);
        _frames.Dispose();
    }

    private short[] Read(int frame, short[] pcm16kHz)
    {
        KeptFrame.Read(frame > 0 ? _frames[frame - 1] : [], _frames[frame], frame < _frames.Count - 1 ? _frames[frame + 1] : [], pcm16kHz);
        return pcm16kHz;
    }

    // The line has changed its codec: seldom, and then a millisecond for what is usually kept.
    private void KeepAs(int frameBytes)
    {
        var other = new FrameStore(pool, frameBytes);
        var pcm16kHz = new short[PcmFormat.SamplesPerFrame];
        for (var i = 0; i < _frames.Count; i++) KeptFrame.Write(Read(i, pcm16kHz), IsVoiced(i), other.Add());
        _frames.Dispose();
        _frames = other;
    }

    private void Forget(int frames)
    {
        Remove(0, frames);
        if (!HasVoice(0, _frames.Count)) _sinceVoice = int.MaxValue;
    }

    /// <returns>Where the utterance that goes on at <paramref name="frame"/> began; there itself when nobody speaks.</returns>
    private int OnsetBefore(int frame)
    {
        while (frame > 0 && HasVoice(Math.Max(0, frame - TailFrames), frame)) frame--;
        return frame;
    }

    private bool IsVoiced(int frame) => KeptFrame.IsVoiced(_frames[frame]);

    private bool HasVoice(int from, int to)
    {
        for (var i = to - 1; i >= from; i--)
            if (IsVoiced(i)) return true;
        return false;
    }

    // Only what has been sent: silence that waits for a connection is the caller's pause, and tells the model that a turn is over.
    private void ForgetSilence()
    {
        if (_cursor < _frames.Count) return;
        var idle = _sinceVoice == int.MaxValue ? 0 : Math.Max(0, _frames.Count - _sinceVoice + TailFrames);
        // Behind an utterance frames have to move up for it: seldom, and then many at once.
        if (_frames.Count - idle <= (idle > 0 ? 2 * PreRollFrames - 1 : PreRollFrames)) return;
        Remove(idle, _frames.Count - PreRollFrames - idle);
        if (idle > 0) _sinceVoice = TailFrames + PreRollFrames;
    }

    private void MakeRoom()
    {
        // A pause can be spared before a word can.
        if (FindPause() is { } pause)
        {
            Remove(pause, PreRollFrames);
            return;
        }
        var lost = Math.Min(_frames.Count, TailFrames);
        for (var i = Math.Min(_answered, lost); i < lost; i++) LostFrames += IsVoiced(i) ? 1 : 0;
        Remove(0, lost);
    }

    /// <returns>Frames behind the tail of an utterance that are silent for another while.</returns>
    private int? FindPause()
    {
        var quiet = 0;
        for (var i = 0; i < _frames.Count; i++)
        {
            quiet = IsVoiced(i) ? 0 : quiet + 1;
            if (quiet == TailFrames + 2 * PreRollFrames) return i + 1 - 2 * PreRollFrames;
        }
        return null;
    }

    private void Remove(int at, int frames)
    {
        if (frames <= 0) return;
        _frames.Remove(at, frames);
        _cursor = Moved(_cursor, at, frames);
        _remembered = Moved(_remembered, at, frames);
        _answered = Moved(_answered, at, frames);
        _wideBefore = Moved(_wideBefore, at, frames);
    }

    private static int Moved(int index, int at, int frames) => index >= at + frames ? index - frames : Math.Min(index, at);
}
