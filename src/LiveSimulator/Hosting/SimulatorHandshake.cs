using Microsoft.Net.Http.Headers;

namespace VoiceGateway.LiveSimulator;

/// <summary>Finds a client's credential, and says what the service says about a wrong one.</summary>
internal static class SimulatorHandshake
{
    public static (CredentialKind Kind, string Credential) FindCredential(HttpRequest request)
    {
        if (request.Headers["x-goog-api-key"].FirstOrDefault() is { Length: > 0 } header)
            return (CredentialKind.ApiKeyHeader, header);
        if (request.Query["key"].FirstOrDefault() is { Length: > 0 } key)
            return (CredentialKind.ApiKeyQuery, key);
        if (request.Query["access_token"].FirstOrDefault() is { Length: > 0 } token)
            return (CredentialKind.EphemeralToken, token);
        var authorization = request.Headers[HeaderNames.Authorization].FirstOrDefault() ?? "";
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return (CredentialKind.Bearer, authorization["Bearer ".Length..].Trim());
        if (authorization.StartsWith("Token ", StringComparison.OrdinalIgnoreCase))
            return (CredentialKind.EphemeralToken, authorization["Token ".Length..].Trim());
        return (CredentialKind.None, "");
    }

    /// <summary>Null when it is good. The Developer API opens the WebSocket first and closes it then; Vertex AI answers the upgrade with 401.</summary>
    public static Rejection? Check(CredentialKind kind, string credential, string? expected)
    {
        if (expected is null || credential == expected)
            return null;
        return kind == CredentialKind.None
            ? Rejection.Policy("Method doesn't allow unregistered callers (callers without established identity). Please use API Key.")
            : Rejection.Invalid("API key not valid. Please pass a valid API key.");
    }
}
