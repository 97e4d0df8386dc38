namespace VoiceGateway.Sip;

internal enum DnsOutcome
{
    /// <summary>No server answered, or none wanted to.</summary>
    Failed,

    /// <summary>There is no such name, or it has no records of this type.</summary>
    Nothing,

    Found,
}
