namespace VoiceGateway.Sip;

/// <summary>SRV (RFC 2782). An empty target says that the service is decidedly not there.</summary>
internal sealed record DnsServiceRecord(string Name, uint Ttl, ushort Priority, ushort Weight, ushort Port, string Target)
    : DnsRecord(Name, DnsType.Srv, Ttl);
