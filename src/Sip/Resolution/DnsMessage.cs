namespace VoiceGateway.Sip;

/// <summary>What matters of a response (RFC 1035 section 4.1). A truncated one has no records.</summary>
/// <param name="Id">Echo of the query's.</param>
/// <param name="IsTruncated">To be asked again over TCP.</param>
/// <param name="Code">RCODE, with the upper bits of EDNS.</param>
/// <param name="Question">Echo of the query's; null when the server left it out, as some do with an error.</param>
/// <param name="Answers">Records of types that we know.</param>
/// <param name="Zone">SOA of the authority section.</param>
internal sealed record DnsMessage(ushort Id, bool IsTruncated, int Code, DnsQuestion? Question, IReadOnlyList<DnsRecord> Answers, DnsZoneRecord? Zone)
{
    public const int NoError = 0;
    public const int FormatError = 1;
    public const int NameError = 3;
    public const int NotImplemented = 4;
    public const int BadVersion = 16;

    /// <summary>Whether the server does not understand EDNS (RFC 6891 section 7).</summary>
    public bool IsRefusalOfEdns => Code is FormatError or NotImplemented or BadVersion;

    /// <summary>Whether this is the answer to what we asked: anybody may send us datagrams (RFC 5452 section 9.1).</summary>
    public bool IsAnswerTo(ushort id, DnsQuestion question) =>
        Id == id && (Question is { } echo ? echo == question : Code != NoError);
}
