namespace VoiceGateway.Codecs;

/// <summary>
/// The level of the noise under the speech, by minimum statistics: the least of the smoothed levels of the last second or two.
/// Speech dips down to the noise several times a second, a steady noise has no dips and so becomes the floor within one window,
/// however loud it set in.
/// </summary>
internal sealed class NoiseFloor
{
    // The window moves on by eighths of its length.
    private const int Parts = 8;

    // Four 10 ms frames: a single empty frame (a lost packet, a gap between bursts) is no floor.
    private const float Smoothing = 0.25f;

    // The minimum of a fluctuating level lies below its mean.
    private const float BiasDb = 1.5f;

    private readonly float[] _leastPower = new float[Parts];
    private readonly int _framesPerPart;
    private readonly float _quietestPower;
    private float _smoothedPower;
    private int _part;
    private int _frame;

    /// <param name="windowFrames">Length of the window in 10 ms frames.</param>
    /// <param name="quietestDbov">The floor is never taken to be lower, and this is what it is until something is known.</param>
    public NoiseFloor(int windowFrames, float quietestDbov)
    {
        _framesPerPart = Math.Max(1, windowFrames / Parts);
        _quietestPower = MathF.Pow(10, (quietestDbov - BiasDb) / 10);
        Reset();
    }

    public float Dbov { get; private set; }

    /// <param name="power">Mean square of one frame; 1 is 0 dBov.</param>
    public void Update(float power)
    {
        _smoothedPower += Smoothing * (power - _smoothedPower);
        if (_frame++ == 0)
            _leastPower[_part] = _smoothedPower;
        else
            _leastPower[_part] = Math.Min(_leastPower[_part], _smoothedPower);
        if (_frame == _framesPerPart)
        {
            _frame = 0;
            _part = (_part + 1) % Parts;
        }

        var least = float.MaxValue;
        foreach (var candidate in _leastPower)
            least = Math.Min(least, candidate);
        Dbov = 10 * MathF.Log10(Math.Max(least, _quietestPower)) + BiasDb;
    }

    public void Reset()
    {
        // As if the line had been quiet: a caller who speaks at once is heard at once.
        Array.Fill(_leastPower, _quietestPower);
        _smoothedPower = _quietestPower;
        _part = _frame = 0;
        Dbov = 10 * MathF.Log10(_quietestPower) + BiasDb;
    }
}
