namespace VoiceGateway.Sip;

/// <summary>SOA, of which only what RFC 2308 needs: how long it stays true that there is nothing.</summary>
internal sealed record DnsZoneRecord(string Name, uint Ttl, uint Minimum) : DnsRecord(Name, DnsType.Soa, Ttl);
