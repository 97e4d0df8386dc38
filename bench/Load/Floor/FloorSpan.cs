namespace VoiceGateway.Load;

/// <summary>The floor before the gateway was started and after it had gone; how far they are apart is how far the machine's speed changed meanwhile.</summary>
internal sealed record FloorSpan(FloorMeasure Before, FloorMeasure After)
{
    public double CpuPercentPerCall => Math.Round((Before.CpuPercentPerCall + After.CpuPercentPerCall) / 2, 4);

    /// <returns>Null when the floor did not carry all packets.</returns>
    public static FloorSpan? Between(FloorMeasure before, FloorMeasure after) => before.Held && after.Held ? new(before, after) : null;
}
