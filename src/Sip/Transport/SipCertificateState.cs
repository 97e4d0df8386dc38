namespace VoiceGateway.Sip;

/// <summary>The certificate in use, for health checks that see its end coming.</summary>
/// <param name="Subject">Distinguished name.</param>
/// <param name="Identities">Domains and addresses it stands for.</param>
/// <param name="NotBefore">Start of its validity.</param>
/// <param name="NotAfter">End of its validity.</param>
/// <param name="Sha256">Fingerprint in hexadecimal digits.</param>
/// <param name="LoadedAt">When its files were read.</param>
public sealed record SipCertificateState(
    string Subject, IReadOnlyList<string> Identities, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Sha256, DateTimeOffset LoadedAt)
{
    /// <summary>Why newer files (certificate, key or trust) were not taken; null: what was last seen is in use.</summary>
    public string? Problem { get; init; }
}
