using Microsoft.AspNetCore.Http.Features;

namespace VoiceGateway.LiveSimulator;

/// <summary>Puts a <see cref="WireStream"/> between the WebSocket and its connection, for the faults below the WebSocket's messages.</summary>
internal sealed class WireTap(IHttpUpgradeFeature upgrade, StandingFaults faults, TimeProvider time) : IHttpUpgradeFeature
{
    public StandingFaults Faults => faults;

    public WireStream? Stream { get; private set; }

    public bool IsUpgradableRequest => upgrade.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => Stream = new WireStream(await upgrade.UpgradeAsync(), faults, time);
}
