using VoiceGateway.Abstractions;
using VoiceGateway.Plugins.Bookings;
using VoiceGateway.Plugins.CallCentre;
using VoiceGateway.Plugins.Lookups;

namespace VoiceGateway.Plugins;

/// <summary>The plugins that come with the gateway.</summary>
public static class BuiltInPlugins
{
    public static IReadOnlyList<IToolPlugin> Create() => [new BookingsPlugin(), new LookupsPlugin(), new CallCentrePlugin()];
}
