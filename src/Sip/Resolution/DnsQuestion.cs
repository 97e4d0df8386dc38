namespace VoiceGateway.Sip;

/// <summary>What a name server is asked. Names are in lower case and without their last dot, so that they compare.</summary>
internal readonly record struct DnsQuestion(string Name, DnsType Type)
{
    public static DnsQuestion For(string name, DnsType type) => new(Normalize(name), type);

    public static string Normalize(string name) => (name.EndsWith('.') ? name[..^1] : name).ToLowerInvariant();
}
