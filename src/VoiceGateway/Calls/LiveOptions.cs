using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Calls;

/// <summary>Section <c>Live</c>.</summary>
public sealed class LiveOptions : IValidatableObject
{
    public const string Section = "Live";
    public const string GoogleEndpoint = "wss://generativelanguage.googleapis.com";

    /// <summary><c>ws://host:port</c> or <c>wss://host</c>; empty: Google's when there is a key, otherwise the built-in simulator.</summary>
    public string? Endpoint { get; set; }

    /// <summary>A secret. Give it by the environment (<c>GEMINI_API_KEY</c>), not in a file that is shared.</summary>
    public string? ApiKey { get; set; }

    [Required(AllowEmptyStrings = false, ErrorMessage = "must name a model")]
    public string Model { get; set; } = "gemini-3.8-live";

    [RegularExpression("^v1(alpha|beta)?$", ErrorMessage = "must be v1, v1beta or v1alpha")]
    public string ApiVersion { get; set; } = "v1beta";

    /// <summary>For the connection, and again for <c>setupComplete</c>.</summary>
    [Range(1, 60)]
    public int SetupTimeoutSeconds { get; set; } = 8;

    public bool UsesSimulator => string.IsNullOrEmpty(Endpoint) && string.IsNullOrEmpty(ApiKey);

    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        if (string.IsNullOrEmpty(Endpoint)) yield break;
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("ws" or "wss"))
            yield return new("must be ws://host:port or wss://host", [nameof(Endpoint)]);
        else if (uri.Query.Length > 0 || uri.UserInfo.Length > 0)
            yield return new("must carry neither query nor user: the key belongs in Live:ApiKey", [nameof(Endpoint)]);
    }

    public override string ToString() => $"{Endpoint} {Model}";
}
