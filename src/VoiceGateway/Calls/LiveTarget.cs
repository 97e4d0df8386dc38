using VoiceGateway.GeminiLive;

namespace VoiceGateway.Calls;

/// <summary>Which Live service the calls talk to.</summary>
/// <param name="Endpoint">Where, and with which credential.</param>
/// <param name="Model">Unless an agent names its own.</param>
/// <param name="SetupTimeout">From the connection to <c>setupComplete</c>.</param>
/// <param name="IsSimulator">The embedded one: said plainly wherever it matters.</param>
public sealed record LiveTarget(LiveEndpoint Endpoint, string Model, TimeSpan SetupTimeout, bool IsSimulator)
{
    public override string ToString() => IsSimulator ? "simulator" : Endpoint.BaseUri.ToString().TrimEnd('/');
}
