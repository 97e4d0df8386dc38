using VoiceGateway.Calls;
using VoiceGateway.GeminiLive;

namespace VoiceGateway.Hosting;

internal static class LiveTargets
{
    /// <param name="options">What is configured.</param>
    /// <param name="simulator">The embedded simulator's address, when it is the target.</param>
    public static LiveTarget From(LiveOptions options, Uri? simulator)
    {
        var uri = simulator ?? (string.IsNullOrEmpty(options.Endpoint) ? LiveEndpoint.Google : new Uri(options.Endpoint));
        var endpoint = new LiveEndpoint(uri, string.IsNullOrEmpty(options.ApiKey) ? null : options.ApiKey, options.ApiVersion);
        return new LiveTarget(endpoint, options.Model, TimeSpan.FromSeconds(options.SetupTimeoutSeconds), simulator is not null);
    }
}
