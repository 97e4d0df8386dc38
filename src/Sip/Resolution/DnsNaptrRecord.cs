namespace VoiceGateway.Sip;

/// <summary>NAPTR (RFC 3403). For SIP the flag is "s" and the replacement names SRV records (RFC 3263 section 4.1).</summary>
internal sealed record DnsNaptrRecord(string Name, uint Ttl, ushort Order, ushort Preference, string Flags, string Service, string Regexp, string Replacement)
    : DnsRecord(Name, DnsType.Naptr, Ttl);
