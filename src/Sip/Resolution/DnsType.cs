namespace VoiceGateway.Sip;

/// <summary>The record types that we ask for or understand, by their numbers (RFC 1035, 2782, 3403, 3596, 6891).</summary>
internal enum DnsType : ushort
{
    A = 1,
    Cname = 5,
    Soa = 6,
    Aaaa = 28,
    Srv = 33,
    Naptr = 35,
    Opt = 41,

    /// <summary>Addresses of both families, as the platform has them; never sent.</summary>
    Addresses = 255,
}
