using System.Text;
using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// A fragment of a transcript, a few to each second of speech. Its memory serves the next one; who wants to keep the words copies them.
/// </summary>
internal sealed class TranscriptText
{
    // What is longer is no fragment, and not kept.
    private const int LongestKept = 4096;

    private char[] _chars = [];
    private int _length;

    /// <summary>The message has one, with words in it or without.</summary>
    public bool IsThere { get; private set; }

    public bool Finished { get; private set; }

    /// <summary>Good until the next message.</summary>
    public ReadOnlySpan<char> Words => _chars.AsSpan(0, _length);

    public void Reset()
    {
        (_length, IsThere, Finished) = (0, false, false);
        if (_chars.Length > LongestKept) _chars = [];
    }

    /// <summary><c>{"text": …, "finished": …}</c>; the last one of a message counts, and one that says nothing is none.</summary>
    public void Parse(ref Utf8JsonReader reader)
    {
        Reset();
        if (!reader.EnterObject()) return;

        while (reader.NextProperty())
        {
            if (reader.Is("text"u8)) TakeWords(ref reader);
            else if (reader.Is("finished"u8)) Finished = reader.TakeBool();
            else reader.SkipValue();
        }

        IsThere = _length > 0 || Finished;
    }

    private void TakeWords(ref Utf8JsonReader reader)
    {
        reader.Read();
        _length = 0;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                // No character takes less than a byte.
                _length = reader.CopyString(RoomFor(reader.ValueSpan.Length));
                break;
            case JsonTokenType.Number:
                _length = Encoding.UTF8.GetChars(reader.ValueSpan, RoomFor(reader.ValueSpan.Length));
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private Span<char> RoomFor(int chars)
    {
        if (_chars.Length < chars) _chars = new char[Math.Max(256, chars)];
        return _chars;
    }
}
