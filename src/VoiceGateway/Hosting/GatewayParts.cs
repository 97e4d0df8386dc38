using VoiceGateway.Calls;
using VoiceGateway.Records;
using VoiceGateway.Routing;
using VoiceGateway.Tools;

namespace VoiceGateway.Hosting;

/// <summary>What must be there before anything is registered: it takes time to open, and may fail in words.</summary>
public sealed record GatewayParts(LiveTarget Live, Database Database, ToolCatalog Tools, RouteTable Routes);
