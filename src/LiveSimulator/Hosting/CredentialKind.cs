namespace VoiceGateway.LiveSimulator;

/// <summary>Where a client's key or token stood in its handshake.</summary>
public enum CredentialKind
{
    None,
    ApiKeyHeader,
    ApiKeyQuery,
    Bearer,
    EphemeralToken,
}
