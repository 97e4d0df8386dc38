namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>
/// Linear-phase filters whose largest error is the least: Lawson's algorithm, which solves for the least squares again and again and each time
/// counts every frequency in proportion to the error that was left there.
/// </summary>
internal static class MinimaxDesign
{
    private const int Iterations = 400;

    public static double[] Solve(FilterSpec spec)
    {
        var grid = spec.Grid(spec.RateHz / 2 / 1000).ToArray();
        var basis = grid.Select(point => Enumerable.Range(0, spec.Unknowns).Select(k => spec.Basis(k, point.FrequencyHz)).ToArray()).ToArray();
        var attention = grid.Select(_ => 1.0 / grid.Length).ToArray();
        var (best, least) = (new double[spec.Unknowns], double.MaxValue);
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var taps = LeastSquares(grid, basis, attention);
            var errors = grid.Select((point, i) => point.Weight * Math.Abs(Dot(basis[i], taps) - point.Gain)).ToArray();
            if (errors.Max() < least) (best, least) = (taps, errors.Max());
            for (var i = 0; i < grid.Length; i++) attention[i] *= errors[i] + 1e-12;
            var sum = attention.Sum();
            for (var i = 0; i < grid.Length; i++) attention[i] /= sum;
        }
        return best;
    }

    public static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double[] LeastSquares((double FrequencyHz, double Gain, double Weight)[] grid, double[][] basis, double[] attention)
    {
        var n = basis[0].Length;
        var (matrix, right) = (new double[n, n], new double[n]);
        for (var i = 0; i < grid.Length; i++)
        {
            var weight = attention[i] * grid[i].Weight * grid[i].Weight;
            if (weight < 1e-18) continue;
            for (var r = 0; r < n; r++)
            {
                var scaled = weight * basis[i][r];
                right[r] += scaled * grid[i].Gain;
                for (var c = 0; c <= r; c++) matrix[r, c] += scaled * basis[i][c];
            }
        }
        return Cholesky(matrix, right);
    }

    private static double[] Cholesky(double[,] a, double[] b)
    {
        var n = b.Length;
        var x = (double[])b.Clone();
        for (var r = 0; r < n; r++)
        {
            for (var c = 0; c <= r; c++)
            {
                var sum = a[r, c];
                for (var k = 0; k < c; k++) sum -= a[r, k] * a[c, k];
                a[r, c] = r == c ? Math.Sqrt(Math.Max(sum, 1e-30)) : sum / a[c, c];
            }
            for (var k = 0; k < r; k++) x[r] -= a[r, k] * x[k];
            x[r] /= a[r, r];
        }
        for (var r = n - 1; r >= 0; r--)
        {
            for (var k = r + 1; k < n; k++) x[r] -= a[k, r] * x[k];
            x[r] /= a[r, r];
        }
        return x;
    }
}
