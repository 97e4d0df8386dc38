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
/// </summary>
public sealed class HeardLedger
{
    private sealed class Line(Speaker speaker, TimeSpan offset, long start)
    {
        public readonly StringBuilder Text = new();
        public Speaker Speaker => speaker;
        public TimeSpan Offset => offset;
        public long Start = start;
        public long End = start;
        public long? CutAt;
        public bool Closed;

        public Utterance View(long played)
        {
            var text = Text.ToString().Trim();
            var share = Share(CutAt ?? played);
            return new(Speaker, Offset, text, share >= 1 ? text : HeardPart(text, share), CutAt is not null, Closed);
        }

        // Words that never had audio were not heard.
        private double Share(long position) =>
            Speaker == Speaker.Caller ? 1
            : End == Start ? 0
            : Math.Clamp((position - Start) / (double)(End - Start), 0, 1);
    }

    private readonly List<Line> _lines = [];
    private Line? _agent;
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
            var line = _agent ??= Open(Speaker.Agent, offset, queuedBefore);
            // Its words came before its audio, or after an earlier line was cut: the range begins here.
            if (line.End == line.Start) line.Start = queuedBefore;
            line.End = queuedAfter;
        }
    }

    public void AgentText(string text, long queued, TimeSpan offset)
    {
        lock (_lines)
        {
            if (_agent is null && text.Trim().Length == 0) return;
            // Words of a turn that has been cut already arrive late: they were not heard, but belong to it.
            (_agent ?? LateHome() ?? (_agent = Open(Speaker.Agent, offset, queued))).Text.Append(text);
        }
    }

    public void CallerText(string text, bool finished, TimeSpan offset)
    {
        lock (_lines)
        {
            if (_caller is null && text.Trim().Length == 0) return;
            (_caller ??= Open(Speaker.Caller, offset, 0)).Text.Append(text);
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
        }
    }

    /// <summary>Playout was cleared at this position: everything queued beyond it was never heard.</summary>
    public void CutAt(long played)
    {
        lock (_lines)
        {
            foreach (var line in _lines)
                if (line is { Speaker: Speaker.Agent, CutAt: null } && line.End > played) line.CutAt = Math.Max(played, line.Start);
            CloseAgent();
        }
    }

    /// <param name="played">Samples that have left as RTP, in the same count as the queued ones.</param>
    public IReadOnlyList<Utterance> Snapshot(long played)
    {
        lock (_lines) return [.. _lines.Where(static l => l.Text.Length > 0).OrderBy(static l => l.Offset).Select(l => l.View(played))];
    }

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

    private Line Open(Speaker speaker, TimeSpan offset, long start)
    {
        var line = new Line(speaker, offset, start);
        _lines.Add(line);
        return line;
    }

    private Line? LateHome() => _lines.LastOrDefault(static l => l.Speaker == Speaker.Agent) is { CutAt: not null } last ? last : null;

    private void CloseCaller()
    {
        if (_caller is not null) _caller.Closed = true;
        _caller = null;
    }

    private void CloseAgent()
    {
        if (_agent is not null) _agent.Closed = true;
        _agent = null;
    }
}
