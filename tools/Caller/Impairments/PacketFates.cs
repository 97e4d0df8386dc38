namespace VoiceGateway.Caller;

/// <summary>Draws what becomes of each packet, in the order in which they are sent.</summary>
internal sealed class PacketFates
{
    // A clock that runs too fast sends ever earlier: what it will have gained by then is waited for at the start.
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(10);

    private readonly Impairments _impairments;
    private readonly Random _random;
    private readonly BurstLoss _loss;

    public PacketFates(Impairments impairments)
    {
        impairments.Validate();
        _impairments = impairments;
        _random = new Random(impairments.Seed);
        _loss = new BurstLoss(impairments.LossPercent, impairments.BurstPackets, _random);
    }

    /// <param name="sinceStart">When the packet was sent.</param>
    public PacketFate Next(TimeSpan sinceStart)
    {
        // Every draw for every packet: what happens to one is not changed by what happened to another.
        var (late, detour, twice) = (_random.NextDouble(), _random.NextDouble(), _random.NextDouble());
        if (_loss.IsNextLost()) return PacketFate.Lost;
        var delay = _impairments.Jitter * late + Drifted(sinceStart);
        if (detour * 100 < _impairments.ReorderPercent) delay += _impairments.Detour;
        return new PacketFate(false, delay, twice * 100 < _impairments.DuplicatePercent ? 2 : 1);
    }

    private TimeSpan Drifted(TimeSpan sinceStart)
    {
        var drift = sinceStart * (_impairments.DriftPpm * 1e-6);
        if (_impairments.DriftPpm < 0) drift += LongestCall * (-_impairments.DriftPpm * 1e-6);
        return drift > TimeSpan.Zero ? drift : TimeSpan.Zero;
    }
}
