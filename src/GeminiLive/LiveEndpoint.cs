using System.Diagnostics;
using System.Text.Json.Serialization;

namespace VoiceGateway.GeminiLive;

/// <summary>Where the Live API is and how to be let in. Credentials travel in headers only, and never show in <see cref="ToString"/>.</summary>
/// <param name="BaseUri"><c>wss://host</c> or <c>ws://host:port</c>; a path in front of the API's own (a reverse proxy's) is kept.</param>
/// <param name="ApiKey">Sent as <c>x-goog-api-key</c>; white space around it (a pasted line end) is ignored.</param>
/// <param name="ApiVersion"><c>v1beta</c>, <c>v1</c> or <c>v1alpha</c>.</param>
public sealed record LiveEndpoint(
    Uri BaseUri,
    [property: JsonIgnore, DebuggerBrowsable(DebuggerBrowsableState.Never)] string? ApiKey,
    string ApiVersion = "v1beta")
{
    /// <summary>The Developer API.</summary>
    public static Uri Google { get; } = new("wss://generativelanguage.googleapis.com");

    /// <summary>Replaces the path of the API's method, for example Vertex AI's
    /// <c>/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent</c>.</summary>
    public string? MethodPath { get; init; }

    /// <summary>Sent as <c>Authorization: Bearer</c>: what Vertex AI wants in place of an API key.</summary>
    [JsonIgnore, DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? BearerToken { get; init; }

    /// <summary>The address that is connected to. It holds no credential.</summary>
    public Uri ConnectUri
    {
        get
        {
            string method = MethodPath
                ?? $"/ws/google.ai.generativelanguage.{ApiVersion}.GenerativeService.BidiGenerateContent";
            var uri = new UriBuilder(BaseUri) { UserName = "", Password = "", Query = "", Fragment = "" };
            uri.Path = uri.Path.TrimEnd('/') + "/" + method.TrimStart('/');
            return uri.Uri;
        }
    }

    public override string ToString() =>
        $"{BaseUri.Scheme}://{BaseUri.Authority} ({ApiVersion}, {(ApiKey ?? BearerToken) switch { null => "no credential", _ => "with a credential" }})";

    /// <summary>What is wrong with this endpoint, in words that do not repeat a credential; null when nothing is.</summary>
    internal string? FindFault()
    {
        if (!BaseUri.IsAbsoluteUri || BaseUri.Scheme is not ("ws" or "wss"))
            return "the endpoint must be an absolute ws:// or wss:// address";
        if (BaseUri.Query.Length > 1 || BaseUri.UserInfo.Length > 0)
            return "the endpoint's address must hold no query or user name: credentials go into their own settings";
        if (!IsHeaderValue(ApiKey) || !IsHeaderValue(BearerToken))
            return "the API key or token holds a character that a header cannot carry";
        return null;
    }

    /// <summary>A server may quote what it was sent.</summary>
    internal string Redact(string text)
    {
        foreach (string? secret in (ReadOnlySpan<string?>)[ApiKey?.Trim(), BearerToken?.Trim()])
        {
            if (!string.IsNullOrEmpty(secret)) text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        return text;
    }

    private static bool IsHeaderValue(string? value) => value is null || !value.Trim().Any(c => c is <= ' ' or > '~');
}
