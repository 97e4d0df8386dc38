namespace VoiceGateway.Load;

/// <summary>All of a run, as the JSON has it.</summary>
internal sealed record LoadResult(int Processors, string Architecture, string Framework, IReadOnlyList<string> GatewaySettings, IReadOnlyList<CurveResult> Curves);
