using System.Diagnostics;
using System.Text.Json.Serialization;

namespace VoiceGateway.GeminiLive;

/// <summary>Where the Live API is and how to be let in. Credentials travel in headers only, and never show in <see cref="ToString"/>.</summary>
/// <param name="BaseUri"><c>wss://host</c> or <c>ws://host:port</c>; a path in front of the API's own (a reverse proxy's) is kept.</param>
/// <param name="ApiKey">
/// Sent as <c>x-goog-api-key</c>; white space around it (a pasted line end) is ignored. An ephemeral token
/// (<c>auth_tokens/…</c>) may stand in its place: it goes out as <c>Authorization: Token</c>, to the method that takes one.
/// </param>
/// <param name="ApiVersion"><c>v1beta</c>, <c>v1</c> or <c>v1alpha</c>; on Vertex AI <c>v1beta1</c> or <c>v1</c>.</param>
public sealed record LiveEndpoint(
    Uri BaseUri,
    [property: JsonIgnore, DebuggerBrowsable(DebuggerBrowsableState.Never)] string? ApiKey,
    string ApiVersion = "v1beta")
{
    private const string EphemeralPrefix = "auth_tokens/";

    /// <summary>The Developer API.</summary>
    public static Uri Google { get; } = new("wss://generativelanguage.googleapis.com");

    /// <summary>Replaces the path of the API's method.</summary>
    public string? MethodPath { get; init; }

    /// <summary>Goes in front of a plain model name; <c>models/</c> when null.</summary>
    public string? ModelPrefix { get; init; }

    /// <summary>Sent as <c>Authorization: Bearer</c>: what Vertex AI wants in place of an API key.</summary>
    [JsonIgnore, DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? BearerToken { get; init; }

    /// <summary>
    /// Asked for <see cref="BearerToken"/> before each connection, for tokens live an hour. Should answer from a cache; its
    /// failure is <see cref="LiveCloseKind.AuthenticationFailed"/>, final only as a <see cref="LiveCredentialException"/> that says so.
    /// </summary>
    [JsonIgnore]
    public Func<CancellationToken, ValueTask<string>>? BearerTokenSource { get; init; }

    /// <summary>Asked for <see cref="ApiKey"/> before each connection, for keys that are replaced while calls go on; on the terms of <see cref="BearerTokenSource"/>.</summary>
    [JsonIgnore]
    public Func<CancellationToken, ValueTask<string>>? ApiKeySource { get; init; }

    /// <summary>Whether this is Vertex AI, by <see cref="MethodPath"/>.</summary>
    public bool IsVertex => MethodPath?.Contains("google.cloud.aiplatform", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether the credential is an ephemeral token.</summary>
    public bool IsEphemeral => ApiKey?.TrimStart().StartsWith(EphemeralPrefix, StringComparison.Ordinal) == true;

    /// <summary>The address that is connected to. It holds no credential.</summary>
    public Uri ConnectUri
    {
        get
        {
            string method = MethodPath
                ?? $"/ws/google.ai.generativelanguage.{ApiVersion}.GenerativeService.BidiGenerateContent{(IsEphemeral ? "Constrained" : "")}";
            var uri = new UriBuilder(BaseUri) { UserName = "", Password = "", Query = "", Fragment = "" };
            uri.Path = uri.Path.TrimEnd('/') + "/" + method.TrimStart('/');
            return uri.Uri;
        }
    }

    /// <summary>Vertex AI. The credential is missing yet: set <see cref="BearerTokenSource"/>.</summary>
    /// <param name="project">Id or number.</param>
    /// <param name="location">A region (<c>europe-west4</c>), <c>us</c>, <c>eu</c> or <c>global</c>.</param>
    /// <param name="version"><c>v1beta1</c> or <c>v1</c>.</param>
    /// <exception cref="ArgumentException">Project, location or version cannot stand in an address.</exception>
    public static LiveEndpoint Vertex(string project, string location, string version = "v1beta1")
    {
        if (!IsName(project, ":.-")) throw new ArgumentException("a project is named by its id or number", nameof(project));
        if (!IsName(location, "-")) throw new ArgumentException("a location is a region's name, us, eu or global", nameof(location));
        if (!IsName(version, "")) throw new ArgumentException("a version is v1beta1 or v1", nameof(version));

        string host = location switch
        {
            "global" => "aiplatform.googleapis.com",
            "us" or "eu" => $"aiplatform.{location}.rep.googleapis.com",
            _ => $"{location}-aiplatform.googleapis.com",
        };
        return new LiveEndpoint(new Uri("wss://" + host), null, version)
        {
            MethodPath = $"/ws/google.cloud.aiplatform.{version}.LlmBidiService/BidiGenerateContent",
            ModelPrefix = $"projects/{project}/locations/{location}/publishers/google/models/",
        };
    }

    public override string ToString() =>
        $"{BaseUri.Scheme}://{BaseUri.Authority} ({ApiVersion}, {(HasCredential ? "with a credential" : "no credential")})";

    /// <summary>The model's resource name as this endpoint wants it; one with a path is kept as it is.</summary>
    internal string ModelName(string model)
    {
        const string Plain = "models/";
        if (ModelPrefix is { } prefix && model.StartsWith(Plain, StringComparison.Ordinal)) return prefix + model[Plain.Length..];
        return model.Contains('/') ? model : (ModelPrefix ?? Plain) + model;
    }

    /// <summary>What is wrong with this endpoint, in words that do not repeat a credential; null when nothing is.</summary>
    internal string? FindFault()
    {
        if (!BaseUri.IsAbsoluteUri || BaseUri.Scheme is not ("ws" or "wss"))
            return "the endpoint must be an absolute ws:// or wss:// address";
        if (BaseUri.Query.Length > 1 || BaseUri.UserInfo.Length > 0)
            return "the endpoint's address must hold no query or user name: credentials go into their own settings";
        if (!IsHeaderValue(ApiKey) || !IsHeaderValue(BearerToken))
            return "the API key or token holds a character that a header cannot carry";
        if (IsEphemeral && (BearerToken is not null || BearerTokenSource is not null))
            return "an ephemeral token and a bearer token cannot both be sent";
        return null;
    }

    /// <summary>A server may quote what it was sent.</summary>
    internal string Redact(string text)
    {
        foreach (string? secret in (ReadOnlySpan<string?>)[ApiKey?.Trim(), BearerToken?.Trim()])
        {
            if (string.IsNullOrEmpty(secret)) continue;
            text = text.Replace(secret, "***", StringComparison.Ordinal)
                .Replace(Uri.EscapeDataString(secret), "***", StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>The headers that let a connection in.</summary>
    internal IEnumerable<(string Name, string Value)> CredentialHeaders()
    {
        if (ApiKey?.Trim() is { Length: > 0 } key)
            yield return IsEphemeral ? ("Authorization", "Token " + key) : ("x-goog-api-key", key);
        if (BearerToken?.Trim() is { Length: > 0 } token)
            yield return ("Authorization", "Bearer " + token);
    }

    private bool HasCredential => (ApiKey ?? BearerToken) is not null || (BearerTokenSource ?? ApiKeySource) is not null;

    private static bool IsHeaderValue(string? value) => value is null || !value.Trim().Any(c => c is <= ' ' or > '~');

    private static bool IsName(string text, string marks) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || marks.Contains(c));
}
