using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Calls;

/// <summary>Section <c>Live:Vertex</c>: Vertex AI instead of the Developer API, once a project is named.</summary>
public sealed class LiveVertexOptions
{
    /// <summary>Id or number of the Google Cloud project; empty: the Developer API.</summary>
    public string Project { get; set => field = value ?? ""; } = "";

    /// <summary>A region (<c>europe-west4</c>), <c>us</c>, <c>eu</c> or <c>global</c>.</summary>
    public string Location { get; set => field = value ?? ""; } = "";

    /// <summary>A credentials file, such as a service account's key; empty: the application default credentials (<c>GOOGLE_APPLICATION_CREDENTIALS</c>, then the machine's own).</summary>
    public string CredentialsFile { get; set => field = value ?? ""; } = "";

    public string ApiVersion { get; set; } = "v1beta1";

    internal IEnumerable<ValidationResult> Problems()
    {
        if (Project.Length == 0)
        {
            if (Location.Length + CredentialsFile.Length > 0) yield return Problem("must name the Google Cloud project", nameof(Project));
            yield break;
        }
        if (Project.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not (':' or '.' or '-'))) yield return Problem("must be a project's id or number", nameof(Project));
        if (Location.Length == 0) yield return Problem("must name where the model runs: a region such as europe-west4, us, eu or global", nameof(Location));
        else if (!IsLocation(Location)) yield return Problem("must be a region such as europe-west4, us, eu or global", nameof(Location));
        if (!IsVersion(ApiVersion)) yield return Problem("must be v1beta1 or v1", nameof(ApiVersion));
    }

    public static bool IsLocation(string location) => location.Length > 0 && location.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-');

    public static bool IsVersion(string version) => version is "v1beta1" or "v1";

    private static ValidationResult Problem(string problem, string key) => new(problem, [$"{nameof(LiveOptions.Vertex)}:{key}"]);
}
