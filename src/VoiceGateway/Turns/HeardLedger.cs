using System.Runtime.InteropServices;
using System.Text;

namespace VoiceGateway.Turns;

/// <summary>
/// The transcript of a call as it was really heard. The model's words and its audio come apart, both faster than real time;
/// what counts is the audio that left as RTP. An agent utterance therefore owns a range of playout positions (samples queued
/// since the call began), and its words are taken to be spread evenly over that range. Cutting playout at a position cuts the
/// text at the same share, at the end of a word.
/// <code>
///   queued   0 ───────────────── 40,000 ────────── 72,000
///   words    "Good evening, ..."        "We have a table at seven or at half past eight"
///   played                                        ▲ 56,000: heard "We have a table at seven"
/// </code>
/// After a cut more of the same turn may come: words late, and audio that is dropped. Both belong to what was not heard.
/// </summary>
public sealed class HeardLedger
{
    private sealed class Line(Speaker speaker, TimeSpan offset, long start, StringBuilder growing)
    {
        // Words come by the piece while the line is open; afterwards hardly ever, and a call of an hour holds a thousand lines.
        private StringBuilder? _growing = growing;
        private string _words = "";

        public Speaker Speaker => speaker;
        public TimeSpan Offset => offset;
        public long Start = start;
        public long End = start;
        public long? CutAt;
        public bool Closed => _growing is null;

        public bool HasWords => _growing is null ? _words.Length > 0 : _growing.Length > 0;

        public void Append(ReadOnlySpan<char> text)
        {
            if (_growing is null) _words = string.Concat(_words, text);
            else _growing.Append(text);
        }

        public void Close()
        {
            if (_growing is null) return;
            _words = _growing.ToString();
            _growing.Clear();
            _growing = null;
        }

        public Utterance View(long played)
        {
            var text = (_growing?.ToString() ?? _words).Trim();
            var share = Share(CutAt ?? played);
            return new(Speaker, Offset, text, share >= 1 ? text : HeardPart(text, share), CutAt is not null, Closed);
        }

        // Words that never had audio were not heard.
        private double Share(long position) =>
            Speaker == Speaker.Caller ? 1
            : End == Start ? 0
            : Math.Clamp((position - Start) / (double)(End - Start), 0, 1);
    }

    // A transcript may lag behind its audio by this much; the next answer cannot come as soon.
    private static readonly TimeSpan LateWords = TimeSpan.FromMilliseconds(400);

    private readonly List<Line> _lines = [];
    private readonly StringBuilder _agentWords = new();
    private readonly StringBuilder _callerWords = new();
    private int _answered;
    private Line? _agent;

    // The turn that was cut last, while something of it may still come.
    private Line? _cut;
    private bool _cutOver;
    private TimeSpan _cutOffset;
    private int _cutFrom;
    private Line? _caller;

    /// <summary>Model audio went into playout.</summary>
    /// <param name="queuedBefore">Samples queued since the call began, before this chunk.</param>
    /// <param name="queuedAfter">The same, after it.</param>
    /// <param name="offset">Now, from the start of the call.</param>
    public void AgentAudio(long queuedBefore, long queuedAfter, TimeSpan offset)
    {
        lock (_lines)
        {
            CloseCaller();
            _cut = null;
            var line = _agent ??= Open(Speaker.Agent, offset, queuedBefore);
            // Its words came before its audio, or after an earlier line was cut: the range begins here.
            if (line.End == line.Start) line.Start = queuedBefore;
            line.End = queuedAfter;
        }
    }

    /// <summary>Model audio of a turn that was cut came too late and was not played: its words, which come as well, were not heard.</summary>
    /// <param name="samples">At 8 kHz.</param>
    public void AgentAudioDropped(long samples)
    {
        lock (_lines)
        {
            if (_cut is null) return;
            if (_cut.CutAt is null) _cutFrom = Math.Min(_cutFrom, _lines.IndexOf(_cut));
            _cut.CutAt ??= _cut.End;
            _cut.End += samples;
        }
    }

    public void AgentText(ReadOnlySpan<char> text, long queued, TimeSpan offset)
    {
        lock (_lines)
        {
            if (_agent is null && text.IsWhiteSpace()) return;
            // Words of a turn that has been cut already arrive late: they were not heard, but belong to it.
            (_agent ?? LateHome(offset) ?? (_agent = Open(Speaker.Agent, offset, queued))).Append(text);
        }
    }

    /// <summary>The caller's words since the last answer was complete are heard again by another model, which transcribes them again.</summary>
    public void ForgetUnanswered()
    {
        lock (_lines)
        {
            CloseCaller();
            for (var i = _lines.Count - 1; i >= _answered; i--)
                if (_lines[i].Speaker == Speaker.Caller) _lines.RemoveAt(i);
        }
    }

    /// <summary>No more will come of what was being said.</summary>
    public void LinkLost()
    {
        lock (_lines)
        {
            CloseCaller();
            CloseAgent();
        }
    }

    public void CallerText(ReadOnlySpan<char> text, bool finished, TimeSpan offset)
    {
        lock (_lines)
        {
            if (_caller is null && text.IsWhiteSpace()) return;
            (_caller ??= Open(Speaker.Caller, offset, 0)).Append(text);
            if (finished) CloseCaller();
        }
    }

    /// <summary>The model's turn is over: what it says next is another utterance.</summary>
    public void TurnComplete()
    {
        lock (_lines)
        {
            CloseCaller();
            CloseAgent();
            _cutOver = true;
            // Up to the agent's last words: the caller may have begun to speak again.
            _answered = Math.Max(_answered, _lines.FindLastIndex(static l => l.Speaker == Speaker.Agent) + 1);
        }
    }

    /// <summary>Playout was cleared at this position: everything queued beyond it was never heard.</summary>
    /// <param name="played">Samples that have left as RTP.</param>
    /// <param name="offset">Now, from the start of the call.</param>
    public void CutAt(long played, TimeSpan offset)
    {
        lock (_lines)
        {
            for (_cutFrom = 0; _cutFrom < _lines.Count && !(IsUncut(_lines[_cutFrom]) && _lines[_cutFrom].End > played);) _cutFrom++;
            foreach (var line in CollectionsMarshal.AsSpan(_lines)[_cutFrom..])
                if (IsUncut(line)) line.CutAt = Math.Clamp(played, line.Start, line.End);
            // The turn may be complete already, and only its playout be cut; or played as far as it came, and more is to come.
            (_cut, _cutOver, _cutOffset) = (_lines.FindLast(static line => line.Speaker == Speaker.Agent), _agent is null, offset);
            CloseAgent();
        }
    }

    /// <summary>What the caller heard of the words that were cut last, and what not; null when nothing was cut, or all was heard.</summary>
    public CutWords? LastCut()
    {
        lock (_lines)
        {
            string heard = "", missed = "";
            foreach (var line in CollectionsMarshal.AsSpan(_lines)[Math.Min(_cutFrom, _lines.Count)..])
            {
                if (line is not { Speaker: Speaker.Agent, CutAt: not null }) continue;
                var words = line.View(long.MaxValue);
                heard = Joined(heard, words.HeardText);
                missed = Joined(missed, words.Text[words.HeardText.Length..].Trim());
            }
            return missed.Length == 0 ? null : new CutWords(heard, missed);
        }
    }

    /// <param name="played">Samples that have left as RTP, in the same count as the queued ones.</param>
    public IReadOnlyList<Utterance> Snapshot(long played)
    {
        lock (_lines) return View(_lines, played);
    }

    /// <summary>What was said and answered in full: as much as another model need be told that hears the rest again.</summary>
    public IReadOnlyList<Utterance> Answered()
    {
        lock (_lines) return View(_lines.Take(_answered), long.MaxValue);
    }

    private static IReadOnlyList<Utterance> View(IEnumerable<Line> lines, long played) =>
        [.. lines.Where(static l => l.HasWords).OrderBy(static l => l.Offset).Select(l => l.View(played))];

    /// <summary>The first <paramref name="share"/> of a text, up to the end of a whole word.</summary>
    internal static string HeardPart(string text, double share)
    {
        var length = (int)(text.Length * share);
        if (length >= text.Length) return text;
        if (length <= 0) return "";
        // Mid-word: the word was not heard in full.
        while (length > 0 && !char.IsWhiteSpace(text[length])) length--;
        return text[..length].TrimEnd();
    }

    private static bool IsUncut(Line line) => line is { Speaker: Speaker.Agent, CutAt: null };

    private static string Joined(string text, string more) => text.Length == 0 ? more : more.Length == 0 ? text : $"{text} {more}";

    private Line Open(Speaker speaker, TimeSpan offset, long start)
    {
        // Of each speaker one line is open at most.
        var line = new Line(speaker, offset, start, speaker == Speaker.Agent ? _agentWords : _callerWords);
        _lines.Add(line);
        return line;
    }

    private Line? LateHome(TimeSpan offset) => _cutOver && offset - _cutOffset > LateWords ? null : _cut;

    private void CloseCaller()
    {
        _caller?.Close();
        _caller = null;
    }

    private void CloseAgent()
    {
        _agent?.Close();
        _agent = null;
    }
}
