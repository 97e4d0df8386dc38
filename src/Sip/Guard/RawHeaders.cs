using System.Text;

namespace VoiceGateway.Sip;

/// <summary>The header lines of a message as bytes, one after another, folded ones whole. Nothing is allocated, nothing is checked.</summary>
internal ref struct RawHeaders(ReadOnlySpan<byte> headers)
{
    private ReadOnlySpan<byte> _rest = headers;

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Without the blanks around it.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>False at the blank line, at the end, and at what is no header.</summary>
    public bool Next()
    {
        int end = 0;
        while (true)
        {
            int lineEnd = _rest[end..].IndexOf((byte)'\n');
            end = lineEnd < 0 ? _rest.Length : end + lineEnd + 1;
            if (end >= _rest.Length || _rest[end] is not ((byte)' ' or (byte)'\t'))
                break;
        }

        var line = _rest[..end];
        _rest = _rest[end..];
        int colon = line.IndexOf((byte)':');
        if (colon <= 0)
            return false;
        Name = line[..colon].TrimEnd(" \t"u8);
        Value = line[(colon + 1)..].Trim(" \t\r\n"u8);
        return true;
    }

    /// <param name="longForm">In lower case.</param>
    /// <param name="compactForm">In lower case; 0: there is none.</param>
    public readonly bool Is(ReadOnlySpan<byte> longForm, byte compactForm = 0) =>
        Name.Length == 1 ? (Name[0] | 0x20) == compactForm : Ascii.EqualsIgnoreCase(Name, longForm);

    /// <summary>The branch of the top Via, or nothing.</summary>
    public static ReadOnlySpan<byte> TopBranch(ReadOnlySpan<byte> headers)
    {
        var lines = new RawHeaders(headers);
        while (lines.Next())
        {
            if (lines.Is("via"u8, (byte)'v'))
                return Parameter(FirstElement(lines.Value), "branch"u8);
        }

        return default;
    }

    /// <summary>The tag of To, or nothing.</summary>
    public static ReadOnlySpan<byte> ToTag(ReadOnlySpan<byte> headers)
    {
        var lines = new RawHeaders(headers);
        while (lines.Next())
        {
            if (lines.Is("to"u8, (byte)'t'))
                return Parameter(BehindAddress(lines.Value), "tag"u8);
        }

        return default;
    }

    /// <summary>A list's first element: up to the first comma outside quotes.</summary>
    public static ReadOnlySpan<byte> FirstElement(ReadOnlySpan<byte> value)
    {
        int comma = IndexOfOutsideQuotes(value, (byte)',');
        return comma < 0 ? value : value[..comma];
    }

    /// <summary>The parameters of From or To: what follows the angle brackets, or the whole where there are none.</summary>
    public static ReadOnlySpan<byte> BehindAddress(ReadOnlySpan<byte> value)
    {
        int open = IndexOfOutsideQuotes(value, (byte)'<');
        if (open < 0)
            return value;
        int close = value[open..].IndexOf((byte)'>');
        return close < 0 ? default : value[(open + close + 1)..];
    }

    /// <summary>The value of one of the <c>;name=value</c> in a text; nothing when it is absent or empty.</summary>
    public static ReadOnlySpan<byte> Parameter(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        while (true)
        {
            int semicolon = IndexOfOutsideQuotes(text, (byte)';');
            if (semicolon < 0)
                return default;
            text = text[(semicolon + 1)..];
            int end = IndexOfOutsideQuotes(text, (byte)';');
            var parameter = end < 0 ? text : text[..end];
            int equals = parameter.IndexOf((byte)'=');
            if (equals >= 0 && Ascii.EqualsIgnoreCase(parameter[..equals].Trim(" \t\r\n"u8), name))
                return parameter[(equals + 1)..].Trim(" \t\r\n"u8);
        }
    }

    public static int IndexOfOutsideQuotes(ReadOnlySpan<byte> text, byte sought)
    {
        int i = text.IndexOfAny(sought, (byte)'"');
        if (i < 0 || text[i] == sought)
            return i; // the usual case: no quotes before it
        bool isQuoted = false;
        for (; i < text.Length; i++)
        {
            if (isQuoted && text[i] == '\\')
                i++;
            else if (text[i] == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && text[i] == sought)
                return i;
        }

        return -1;
    }
}
