namespace VoiceGateway.Sip;

/// <summary>A rate and how much may come at once.</summary>
public readonly record struct SipRate(double PerSecond, int Burst)
{
    public static SipRate Unlimited { get; } = new(double.PositiveInfinity, int.MaxValue);

    internal SipRate Half => new(PerSecond / 2, Math.Max(Burst / 2, 1));

    internal bool IsValid => PerSecond > 0 && Burst > 0;
}
