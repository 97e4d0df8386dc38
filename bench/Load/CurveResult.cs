namespace VoiceGateway.Load;

/// <summary>One gateway's stages.</summary>
internal sealed record CurveResult(int ChunkMs, bool Tls, string Security, IReadOnlyList<StageResult> Stages, PerfShares? Perf)
{
    public string Name => $"{(Tls ? "TLS" : "no TLS")}, {ChunkMs} ms";

    /// <summary>The most calls that held; null: none.</summary>
    public StageResult? Most => Stages.LastOrDefault(static s => s.Held);
}
