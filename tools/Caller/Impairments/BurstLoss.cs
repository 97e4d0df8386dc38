namespace VoiceGateway.Caller;

/// <summary>
/// Losses after Gilbert: a good and a bad state, and in the bad one every packet is lost. Bursts are as long on average as was asked for, and
/// so is the share of packets lost.
/// </summary>
internal sealed class BurstLoss
{
    private readonly Random _random;
    private readonly double _begin;
    private readonly double _end;
    private bool _bad;

    public BurstLoss(double percent, double meanBurst, Random random)
    {
        var share = percent / 100;
        // One packet for itself is a burst of 1 / (1 - share): two losses follow one another by chance.
        _end = meanBurst <= 1 ? 1 - share : 1 / meanBurst;
        _begin = share >= 1 ? 1 : share * _end / (1 - share);
        if (_begin > 1) throw new ArgumentOutOfRangeException(nameof(meanBurst), meanBurst, $"Bursts of this length cannot make up {percent} %.");
        _random = random;
    }

    public bool IsNextLost() => _bad = _random.NextDouble() < (_bad ? 1 - _end : _begin);
}
