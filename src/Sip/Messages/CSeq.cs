using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>The CSeq header's value: a number below 2^31 and the method (RFC 3261 sections 8.1.1.5 and 20.16).</summary>
public readonly record struct CSeq(uint Number, string Method)
{
    public const uint MaxNumber = int.MaxValue;

    public static bool TryParse(string? text, out CSeq cseq) => TryParse(text.AsSpan(), out cseq);

    /// <summary>Reads a value that fills the whole text. Never throws.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CSeq cseq)
    {
        cseq = default;
        text = SipGrammar.Trim(text);
        var blank = text.IndexOfAny(' ', '\t');
        if (blank < 0 || !SipGrammar.TryParseNumber(text[..blank], MaxNumber, out var number))
            return false;
        var method = SipGrammar.TrimStart(text[blank..]);
        if (!SipGrammar.IsToken(method))
            return false;
        cseq = new CSeq(number, SipMethods.Intern(method));
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {Method}");
}
