using System.Net;

namespace VoiceGateway.Sip;

/// <summary>A or AAAA.</summary>
internal sealed record DnsAddressRecord(string Name, DnsType Type, uint Ttl, IPAddress Address) : DnsRecord(Name, Type, Ttl);
