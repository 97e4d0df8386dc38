using System.Text;

namespace VoiceGateway.Load;

/// <summary>
/// The model's part in one call: setup, greeting, an answer to each utterance, six times faster than real time, and
/// <c>interrupted</c> when the caller speaks over one.
/// </summary>
internal sealed class LiveConversation(LiveConnection connection, CallDirectory calls)
{
    /// <summary>What the agent's greeting text begins with: who calls, so that both ends of a call can be told to belong together.</summary>
    public const string GreetingPrefix = "Line ";

    private const double Speed = 6;
    private const long PieceNanoseconds = (long)(AgentAnswer.PieceMs * 1_000_000L / Speed);

    private readonly CallerEar _ear = new();
    private Marks? _marks;
    private AgentAnswer? _answer;
    private long _began;
    private int _next;
    private int _replies;

    /// <summary>The call that this connection is for; -1 until it has said so.</summary>
    public int Line { get; private set; } = -1;

    public bool IsAnswering => _answer is not null;

    public void OnText(ReadOnlySpan<byte> json, long arrival, LiveMeasures measures)
    {
        var data = json.IndexOf("\"data\":\""u8);
        if (data >= 0 && json[..data].IndexOf("audio/pcm"u8) >= 0) OnAudio(json[(data + 8)..], arrival, measures);
        else if (json.IndexOf("\"setup\""u8) is >= 0 and < 4) connection.Send(AgentAnswer.SetupComplete);
        else if (Line < 0) OnGreeting(json, measures);
    }

    /// <summary>Sends what is due of the answer.</summary>
    public void Advance()
    {
        var now = WallClock.Now;
        while (_answer is not null && !connection.IsBlocked)
        {
            if (_next < AgentAnswer.Count)
            {
                if (now < _began + (_next * PieceNanoseconds)) return;
                SendPiece(_answer);
            }
            else
            {
                if (now < _began + AgentAnswer.Nanoseconds) return;
                connection.Send(AgentAnswer.TurnComplete);
                connection.Send(AgentAnswer.Usage);
                connection.Send(AgentAnswer.Resumable);
                _answer = null;
            }
        }
    }

    private void OnAudio(ReadOnlySpan<byte> data, long arrival, LiveMeasures measures)
    {
        var samples = _ear.Hear(data[..Math.Max(0, data.IndexOf((byte)'"'))]);
        measures.AudioMessages++;
        measures.AudioSamples += samples;
        if (_ear.IsSpeech) measures.SpeechSamples += samples;
        if (_ear.HasBegun && _marks?.TakeCallerBegan() is > 0 and var sent && arrival != 0) measures.Uplink.Record((arrival - sent) / 1e6);
        if (_marks is null) return;
        if (_answer is not null && _ear.IsSpeech) Interrupt(measures);
        else if (_ear.HasEnded && _answer is null) Answer(measures);
    }

    // {"realtimeInput":{"text":"Line 17. …"}}
    private void OnGreeting(ReadOnlySpan<byte> json, LiveMeasures measures)
    {
        var text = Encoding.UTF8.GetString(json);
        var from = text.IndexOf(GreetingPrefix, StringComparison.Ordinal) + GreetingPrefix.Length;
        if (from < GreetingPrefix.Length) return;
        var digits = text[from..].TakeWhile(char.IsAsciiDigit).ToArray();
        if (!int.TryParse(digits, out var number) || calls.Find(number) is not { } line) return;
        (Line, _marks) = (line.Index, line.Marks);
        connection.Settle(Line);
        Answer(measures);
    }

    private void Answer(LiveMeasures measures)
    {
        connection.Send(AgentAnswer.Heard);
        measures.Replies++;
        _answer = AgentAnswer.All[(Line + _replies++) % AgentAnswer.All.Length];
        _next = 0;
        _began = WallClock.Now;
        _marks!.AgentBegan(_began, _began + AgentAnswer.Nanoseconds);
        SendPiece(_answer);
        connection.BeginsToAnswer();
    }

    private void SendPiece(AgentAnswer answer)
    {
        connection.Send(answer.Piece(_next));
        if (answer.WordsBeside(_next) is { } words) connection.Send(words);
        if (++_next == AgentAnswer.Count) connection.Send(AgentAnswer.GenerationComplete);
    }

    private void Interrupt(LiveMeasures measures)
    {
        measures.Interruptions++;
        _answer = null;
        _marks!.Interrupted(WallClock.Now);
        connection.Send(AgentAnswer.Interrupted);
        connection.Send(AgentAnswer.TurnComplete);
    }
}
