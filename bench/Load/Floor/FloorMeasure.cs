namespace VoiceGateway.Load;

/// <summary>What the bare system calls of so many calls cost.</summary>
/// <param name="Calls">At once.</param>
/// <param name="CpuPercent">Of a core: all of the floor's process.</param>
/// <param name="ReturnedPercent">Packets that came back to the callers, of 50 a second and call.</param>
/// <param name="UplinkPercent">Bytes that reached the Live side, of those that should have.</param>
internal sealed record FloorMeasure(int Calls, double CpuPercent, double ReturnedPercent, double UplinkPercent)
{
    public double CpuPercentPerCall => Math.Round(CpuPercent / Calls, 4);

    /// <summary>It had as many packets as the gateway has.</summary>
    public bool Held => ReturnedPercent is > 99 and < 101 && UplinkPercent is > 99 and < 101;
}
