namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>
/// Rounds a filter to integers so that the largest error grows the least: from the nearest ones on, one tap up and another down, as long as
/// that makes it better. The sums stay what they were: a constant goes through unchanged.
/// </summary>
internal sealed class IntegerDesign
{
    private const int Unit = 1 << 18;

    private readonly FilterSpec _spec;
    private readonly (double FrequencyHz, double Gain, double Weight)[] _grid;
    private readonly double[][] _basis;
    private readonly double[] _gains;
    private readonly int[] _steps;
    private readonly int[] _taps;

    /// <param name="spec">What is wanted.</param>
    /// <param name="wanted">The taps as they would be best.</param>
    /// <param name="steps">Of which number each must be a multiple, once one is 2^18.</param>
    public IntegerDesign(FilterSpec spec, double[] wanted, int[] steps)
    {
        _spec = spec;
        _grid = [.. spec.Grid(spec.RateHz / 2 / 1200)];
        _basis = [.. Enumerable.Range(0, spec.Unknowns).Select(k => _grid.Select(point => spec.Basis(k, point.FrequencyHz) / Unit).ToArray())];
        _steps = steps;
        _taps = [.. wanted.Select((tap, k) => (int)Math.Round(tap * Unit / _steps[k]) * _steps[k])];
        _gains = new double[_grid.Length];
        MakeSumsWhole(wanted);
        for (var k = 0; k < _taps.Length; k++) Add(k, _taps[k]);
    }

    public IReadOnlyList<int> Taps => _taps;

    /// <summary>By a high power of the errors first: their largest alone is soon stuck.</summary>
    public void Improve()
    {
        for (var squarings = 2; squarings <= 6; squarings++)
            for (var better = true; better;)
                better = Exchange(squarings);
    }

    private bool Exchange(int squarings)
    {
        var better = false;
        var error = Error(squarings, double.MaxValue, 0, 0, 0, 0);
        for (var i = 0; i < _taps.Length; i++)
            for (var j = 0; j < _taps.Length; j++)
                foreach (var sign in new[] { 1, -1 })
                {
                    var (up, down) = (sign * _steps[i] * Multiple(i, j), -sign * _steps[i] * Multiple(j, i));
                    if (i == j || _spec.Class(i) != _spec.Class(j) || down % _steps[j] != 0) continue;
                    if (Error(squarings, error, i, up, j, down) is var changed && changed > error * 0.9999) continue;
                    Add(i, up);
                    Add(j, down);
                    (_taps[i], _taps[j], error, better) = (_taps[i] + up, _taps[j] + down, changed, true);
                }
        return better;
    }

    // The middle tap is there once, all others twice.
    private int Count(int k) => k == 0 && !_spec.HalfBand ? 1 : 2;

    private int Multiple(int one, int other) => Count(one) < Count(other) ? 2 : 1;

    private void MakeSumsWhole(double[] wanted)
    {
        foreach (var group in Enumerable.Range(0, _taps.Length).GroupBy(_spec.Class))
        {
            var missing = Unit - group.Sum(k => Count(k) * _taps[k]);
            // To those that were rounded away from it the most.
            var finest = group.Where(k => _steps[k] == 1 && Count(k) == 2).OrderByDescending(k => Math.Sign(missing) * (wanted[k] * Unit - _taps[k])).ToArray();
            for (var i = 0; missing != 0; i = (i + 1) % finest.Length)
            {
                _taps[finest[i]] += Math.Sign(missing);
                missing -= 2 * Math.Sign(missing);
            }
        }
    }

    private void Add(int k, int units)
    {
        for (var i = 0; i < _gains.Length; i++) _gains[i] += units * _basis[k][i];
    }

    // The sum of the errors' powers: 4, 8, 16… times; in units in which an error of 80 dB is one.
    private double Error(int squarings, double enough, int i, int up, int j, int down)
    {
        var sum = 0.0;
        for (var at = 0; at < _grid.Length && sum < enough; at++)
        {
            var power = 1e4 * _grid[at].Weight * (_gains[at] + up * _basis[i][at] + down * _basis[j][at] - _grid[at].Gain);
            for (var n = 0; n < squarings; n++) power *= power;
            sum += power;
        }
        return sum;
    }
}
