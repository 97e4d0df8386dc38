namespace VoiceGateway.Sip;

/// <summary>One resource record. <paramref name="Ttl"/> is in seconds.</summary>
internal abstract record DnsRecord(string Name, DnsType Type, uint Ttl);
