namespace VoiceGateway.Sip;

/// <summary>CNAME: what was asked for is to be found under another name.</summary>
internal sealed record DnsAliasRecord(string Name, uint Ttl, string Target) : DnsRecord(Name, DnsType.Cname, Ttl);
