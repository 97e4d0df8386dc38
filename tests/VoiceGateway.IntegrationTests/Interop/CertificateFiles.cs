namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>Paths of PEM files.</summary>
/// <param name="Certificate">The owner's.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Trust">The authority that others' certificates must lead to.</param>
internal sealed record CertificateFiles(string Certificate, string Key, string Trust)
{
    /// <summary>A gateway that has them, for both directions.</summary>
    public (string Key, string? Value)[] Settings =>
    [
        ("Sip:Listen:1", "tls:127.0.0.1:0"),
        ("Sip:Tls:CertificateFile", Certificate), ("Sip:Tls:KeyFile", Key), ("Sip:Tls:ServerTrustFile", Trust), ("Sip:Tls:ClientTrustFile", Trust),
    ];
}
