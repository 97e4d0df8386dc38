using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Hosting;

/// <summary>Section <c>Admin</c>.</summary>
public sealed class AdminOptions : IValidatableObject
{
    public const string Section = "Admin";

    /// <summary>HTTP API and health. Whoever reaches it can end calls: keep it on loopback or a private network.</summary>
    public string Url { get; set; } = "http://127.0.0.1:8080";

    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            yield return new("must be http://host:port", [nameof(Url)]);
    }
}
