using System.Globalization;

namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>The verb <c>design</c>: finds the tables of <c>TelephoneTaps</c> again, and prints them.</summary>
internal static class DesignRun
{
    public static int Run()
    {
        foreach (var spec in FilterSpec.All)
        {
            var wanted = MinimaxDesign.Solve(spec);
            var design = Rounded(spec, wanted);
            Console.WriteLine($"// {spec.Name}: {Describe(spec, k => design.Taps[k] / (double)(1 << 18))}; before rounding {Describe(spec, k => wanted[k])}");
            for (var at = 0; at < spec.Unknowns; at += 13)
                Console.WriteLine("        " + string.Concat(design.Taps.Skip(at).Take(13).Select(static tap => tap.ToString(CultureInfo.InvariantCulture) + ", ")).TrimEnd());
        }
        return 0;
    }

    private static IntegerDesign Rounded(FilterSpec spec, double[] wanted)
    {
        var whole = Array.ConvertAll(wanted, static tap => (int)Math.Round(tap * (1 << 18)));
        var steps = new Dictionary<int, int>();
        _ = spec.HalfBand ? TelephoneTaps.HalfBandUp(whole, steps) : TelephoneTaps.ByThree(spec.Interpolation, whole, steps);
        var design = new IntegerDesign(spec, wanted, Array.ConvertAll(whole, tap => steps[Math.Abs(tap)]));
        design.Improve();
        return design;
    }

    private static string Describe(FilterSpec spec, Func<int, double> tap)
    {
        var (ripple, rest) = (0.0, 0.0);
        foreach (var (frequency, gain, _) in spec.Grid(1))
        {
            var error = Math.Abs(Enumerable.Range(0, spec.Unknowns).Sum(k => tap(k) * spec.Basis(k, frequency)) - gain);
            if (gain == 0) rest = Math.Max(rest, error);
            else ripple = Math.Max(ripple, spec.HalfBand ? error / 2 : error);
        }
        if (spec.HalfBand) rest = ripple;
        return string.Create(CultureInfo.InvariantCulture, $"ripple {20 * Math.Log10(1 + ripple):F4} dB, rejection {-20 * Math.Log10(rest):F1} dB");
    }
}
