namespace VoiceGateway.Load;

/// <summary>The floor before the gateway was started and after it had gone; how far they are apart is how far the machine's speed changed meanwhile.</summary>
internal sealed record FloorSpan(FloorMeasure Before, FloorMeasure After)
{
    public double CpuPercentPerCall => Math.Round((Before.CpuPercentPerCall + After.CpuPercentPerCall) / 2, 4);

    /// <summary>Both times it had all of its packets: only then is it a reference.</summary>
    public bool Held => Before.Held && After.Held;
}
