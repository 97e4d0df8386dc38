using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Calls;

/// <summary>Section <c>Live</c>: where the model is, with which credential, and how hard the gateway tries to have it. What a file sets to null is not set.</summary>
public sealed class LiveOptions : IValidatableObject
{
    public const string Section = "Live";

    /// <summary>How an ephemeral token begins.</summary>
    public const string TokenPrefix = "auth_tokens/";

    /// <summary><c>ws://host:port</c> or <c>wss://host</c>; empty: Google's when there is a credential, otherwise the built-in simulator.</summary>
    public string Endpoint { get; set => field = value ?? ""; } = "";

    /// <summary>A secret. Give it by the environment (<c>GEMINI_API_KEY</c>) or by <see cref="ApiKeyFile"/>, not in a file that is shared.</summary>
    public string ApiKey { get; set => field = value ?? ""; } = "";

    /// <summary>A file with the key alone. It is read for each connection: a key that is replaced in it holds from then on.</summary>
    public string ApiKeyFile { get; set => field = value ?? ""; } = "";

    /// <summary>An ephemeral token (<c>auth_tokens/…</c>), a secret.</summary>
    public string AccessToken { get; set => field = value ?? ""; } = "";

    /// <summary>A file with the ephemeral token, read for each connection.</summary>
    public string AccessTokenFile { get; set => field = value ?? ""; } = "";

    /// <summary>Instead of the Developer API.</summary>
    public LiveVertexOptions Vertex { get; set => field = value ?? new(); } = new();

    /// <summary>
    /// Certificates in PEM of authorities that are believed beside the system's: of a proxy that opens TLS, of a private access point.
    /// Empty: the system's only. Read at the start.
    /// </summary>
    public string CaFile { get; set => field = value ?? ""; } = "";

    /// <summary>TLS by .NET even where OpenSSL is there.</summary>
    public bool PortableTls { get; set; }

    [Required(AllowEmptyStrings = false, ErrorMessage = "must name a model")]
    public string Model { get; set; } = "gemini-3.8-live";

    /// <summary>Of the Developer API; Vertex AI has its own.</summary>
    [RegularExpression("^v1(alpha|beta)?$", ErrorMessage = "must be v1, v1beta or v1alpha")]
    public string ApiVersion { get; set; } = "v1beta";

    /// <summary>For the connection, and again for <c>setupComplete</c>.</summary>
    [Range(1, 60)]
    public int SetupTimeoutSeconds { get; set; } = 8;

    /// <summary>Age at which a connection is replaced; 0: only when the server says that it ends.</summary>
    [Range(0, 3600)]
    public int RotateAfterSeconds { get; set; } = 540;

    /// <summary>How long an aged connection may wait for a quiet moment.</summary>
    [Range(0, 600)]
    public int RotateGraceSeconds { get; set; } = 45;

    /// <summary>How long a lost connection is sought again on one route.</summary>
    [Range(0, 600)]
    public int RetryBudgetSeconds { get; set; } = 30;

    /// <summary>Pause before the second attempt; it doubles with each.</summary>
    [Range(10, 60_000)]
    public int RetryFirstMs { get; set; } = 500;

    [Range(10, 60_000)]
    public int RetryMostMs { get; set; } = 4000;

    /// <summary>
    /// Speech that one message to the model carries. 40 ms halve the messages, and with them much of what a call costs; the model hears
    /// the first half of each 20 ms later.
    /// </summary>
    [AllowedValues(20, 40, ErrorMessage = "must be 20 or 40")]
    public int ChunkMs { get; set; } = 20;

    /// <summary>Sessions at once that the service grants on each route; 0: not known, and learned from its refusals.</summary>
    [Range(0, 1_000_000)]
    public int MaxSessions { get; set; }

    /// <summary>Corrections to what the gateway knows of model families, by model name: see <see cref="LiveContracts"/>.</summary>
    public Dictionary<string, Dictionary<string, string>> Contracts { get; set => field = value ?? []; } = [];

    public bool UsesSimulator => Endpoint.Length == 0 && Credentials().Count == 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        if (Endpoint.Length > 0)
        {
            if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("ws" or "wss"))
                yield return new("must be ws://host:port or wss://host", [nameof(Endpoint)]);
            else if (uri.Query.Length > 0 || uri.UserInfo.Length > 0)
                yield return new("must carry neither query nor user: the key belongs in Live:ApiKey", [nameof(Endpoint)]);
        }
        if (Credentials() is [var first, var second, ..])
            yield return new($"there is {Section}:{first} as well; give one credential", [second]);
        if (IsToken(ApiKey)) yield return new("is an ephemeral token; it belongs in Live:AccessToken", [nameof(ApiKey)]);
        if (AccessToken.Length > 0 && !IsToken(AccessToken)) yield return new("is no ephemeral token: they begin with auth_tokens/", [nameof(AccessToken)]);
        foreach (var problem in Vertex.Problems()) yield return problem;
        if (RetryMostMs < RetryFirstMs) yield return new($"must be at least RetryFirstMs ({RetryFirstMs})", [nameof(RetryMostMs)]);
        foreach (var (model, changes) in Contracts)
            foreach (var (key, problem) in LiveContracts.Problems(changes ?? [])) yield return new(problem, [$"{nameof(Contracts)}:{model}:{key}"]);
    }

    public override string ToString() => $"{Endpoint} {Model}";

    private List<string> Credentials() =>
    [
        .. new[] { (nameof(ApiKey), ApiKey), (nameof(ApiKeyFile), ApiKeyFile), (nameof(AccessToken), AccessToken), (nameof(AccessTokenFile), AccessTokenFile), (nameof(Vertex), Vertex.Project) }
            .Where(static c => !string.IsNullOrWhiteSpace(c.Item2)).Select(static c => c.Item1),
    ];

    private static bool IsToken(string value) => value.TrimStart().StartsWith(TokenPrefix, StringComparison.Ordinal);
}
