using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>The value of RAck: the RSeq of the provisional response that a PRACK acknowledges, and the CSeq of its request (RFC 3262 section 7.2).</summary>
internal readonly record struct RAck(uint Number, CSeq CSeq)
{
    public static bool TryParse(string? text, out RAck rack)
    {
        rack = default;
        var value = SipGrammar.Trim(text);
        int blank = value.IndexOfAny(' ', '\t');
        if (blank < 0 || !SipGrammar.TryParseNumber(value[..blank], int.MaxValue, out var number) || !CSeq.TryParse(value[blank..], out var cseq))
            return false;
        rack = new RAck(number, cseq);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {CSeq}");
}
