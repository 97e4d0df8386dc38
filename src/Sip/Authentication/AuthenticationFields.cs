namespace VoiceGateway.Sip;

/// <summary>
/// One challenge or one set of credentials: a scheme and its parameters (RFC 9110 section 11). Challenges may share a header line,
/// so that a comma stands between parameters as well as between challenges:
/// <code>Digest realm="a", nonce="x", Digest realm="b", nonce="y"</code>
/// </summary>
internal sealed class AuthenticationFields
{
    private const int MaxFields = 32;
    private const int MaxChallenges = 16;

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    private AuthenticationFields(string scheme) => Scheme = scheme;

    public string Scheme { get; }

    public bool IsDigest => Scheme.Equals("Digest", StringComparison.OrdinalIgnoreCase);

    /// <summary>A parameter was given twice, or could not be read: two elements may act on different ones, so nobody should.</summary>
    public bool IsAmbiguous { get; private set; }

    /// <summary>Without the quotes and escapes; null when absent.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Every digest challenge or set of digest credentials in the lines of a header that can be used; the rest is passed over.</summary>
    public static List<AuthenticationFields> ReadDigests(SipHeaders headers, string name)
    {
        List<AuthenticationFields> all = [];
        foreach (var line in headers.GetAll(name))
            Read(line, all);
        all.RemoveAll(static fields => !fields.IsDigest || fields.IsAmbiguous || fields["realm"] is null || fields["nonce"] is null);
        return all;
    }

    private static void Read(ReadOnlySpan<char> line, List<AuthenticationFields> all)
    {
        AuthenticationFields? current = null; // a line begins with a scheme
        while (!line.IsEmpty)
        {
            int end = EndOfElement(line);
            var element = SipGrammar.Trim(line[..end]);
            line = line[Math.Min(end + 1, line.Length)..];
            if (element.IsEmpty)
                continue;

            int token = element.IndexOfAny(" \t=");
            var behind = token < 0 ? default : SipGrammar.TrimStart(element[token..]);
            if (behind.IsEmpty || behind[0] != '=')
            {
                // No "=" behind the first word: it is a scheme, with its first parameter or with none.
                if (all.Count == MaxChallenges)
                    return;
                current = new AuthenticationFields((token < 0 ? element : element[..token]).ToString());
                all.Add(current);
                element = behind;
            }

            if (!element.IsEmpty)
                current?.Add(element);
        }
    }

    private void Add(ReadOnlySpan<char> element)
    {
        int equals = element.IndexOf('=');
        var name = SipGrammar.Trim(equals < 0 ? element : element[..equals]);
        var value = equals < 0 ? default : SipGrammar.Trim(element[(equals + 1)..]);
        bool isQuoted = !value.IsEmpty && value[0] == '"';
        if (!SipGrammar.IsToken(name) || value.IsEmpty || (isQuoted && !SipGrammar.IsQuotedString(value))
            || _values.Count == MaxFields || !_values.TryAdd(name.ToString(), SipGrammar.Unquote(value)))
        {
            IsAmbiguous = true;
        }
    }

    /// <summary>The next comma outside quotes, or the end; what follows an open quote belongs to it.</summary>
    private static int EndOfElement(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == ',')
                return i;
            if (text[i] != '"')
                continue;
            i = SipGrammar.EndOfQuoted(text, i);
            if (i < 0)
                break;
        }

        return text.Length;
    }
}
