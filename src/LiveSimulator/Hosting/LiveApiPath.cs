using System.Text.RegularExpressions;

namespace VoiceGateway.LiveSimulator;

/// <summary>Which of the service's two doors a client knocked at, and which version of the API it asked for.</summary>
internal sealed partial record LiveApiPath(bool IsVertex, string Version, bool Constrained)
{
    /// <summary>Any prefix is allowed before the service's name: clients put the simulator behind their own base addresses.</summary>
    public static LiveApiPath? Parse(string path)
    {
        var developer = Developer().Match(path);
        if (developer.Success)
            return new(false, developer.Groups["version"].Value, developer.Groups["constrained"].Success);
        var vertex = Vertex().Match(path);
        return vertex.Success ? new(true, vertex.Groups["version"].Value, false) : null;
    }

    [GeneratedRegex(@"/google\.ai\.generativelanguage\.(?<version>v1beta|v1alpha|v1)\.GenerativeService\.BidiGenerateContent(?<constrained>Constrained)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Developer();

    [GeneratedRegex(@"/google\.cloud\.aiplatform\.(?<version>v1beta1|v1)\.LlmBidiService/BidiGenerateContent$", RegexOptions.CultureInvariant)]
    private static partial Regex Vertex();
}
