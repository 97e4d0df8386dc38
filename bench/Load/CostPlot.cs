using System.Globalization;
using System.Text;

namespace VoiceGateway.Load;

/// <summary>Two charts, one above the other: what a call costs, and how evenly packets leave, against the number of calls.</summary>
internal static class CostPlot
{
    private const int Width = 720;
    private const int ChartHeight = 260;
    private const int Left = 64;
    private const int Right = 150;
    private const int Top = 34;
    private const int Bottom = 40;
    private const int Lines = 5;
    private const double Thick = 2;
    private const double Thin = 0.75;
    private static readonly string[] Colours = ["#0b6e99", "#c2571a", "#4a7c2c", "#7a4a99"];

    public static string Draw(IReadOnlyList<CurveResult> curves)
    {
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {2 * ChartHeight}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{2 * ChartHeight}\" fill=\"#fff\"/>");
        Chart(svg, 0, "CPU of the gateway, % of a core a call", "0.00", [.. Of(curves, static s => s.CpuPercentPerCall), .. Floors(curves)], goal: 0.10);
        Chart(svg, ChartHeight, "RTP off its time, p99, ms", "0.0", Of(curves, static s => s.SpacingMs.P99 ?? 0), goal: 1);
        return svg.AppendLine("</svg>").ToString();
    }

    private static Series[] Of(IReadOnlyList<CurveResult> curves, Func<StageResult, double> value) =>
        [.. curves.Select((c, i) => new Series(c.Name, Colour(i), Thick, [.. c.Stages.Select(s => ((double)s.Calls, value(s)))]))];

    // Thin, each in the colour of the curve that it belongs to.
    private static IEnumerable<Series> Floors(IReadOnlyList<CurveResult> curves) =>
        curves.Select(static (c, i) => new Series($"floor, {c.ChunkMs} ms", Colour(i), Thin, [.. c.Stages.Where(static s => s.Floor is { Held: true }).Select(static s => ((double)s.Calls, s.Floor!.CpuPercentPerCall))]))
            .Where(static s => s.Points.Length > 0);

    private static string Colour(int curve) => Colours[curve % Colours.Length];

    private static void Chart(StringBuilder svg, int at, string title, string format, Series[] series, double goal)
    {
        var mostX = series.SelectMany(static s => s.Points).Max(static p => p.X);
        var mostY = RoundUp(Math.Max(goal, series.SelectMany(static s => s.Points).Max(static p => p.Y)));
        Text(Left, at + 20, "start", title, "#000");
        for (var i = 0; i <= Lines; i++)
        {
            var value = mostY * i / Lines;
            Line(X(0), Y(value), X(mostX), Y(value), "#ddd", "");
            Text(Left - 8, Y(value) + 4, "end", value.ToString(format, CultureInfo.InvariantCulture), "#555");
        }
        foreach (var x in series.SelectMany(static s => s.Points).Select(static p => p.X).Distinct()) Text(X(x), Y(0) + 18, "middle", $"{x:0}", "#555");
        Line(X(0), Y(goal), X(mostX), Y(goal), "#a00", "4 4");
        Text(X(mostX) + 8, Y(goal) + 4, "start", "goal", "#a00");
        for (var i = 0; i < series.Length; i++)
        {
            var (name, colour, width, points) = series[i];
            svg.AppendLine(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" points=\"{string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):0.#},{Y(p.Y):0.#}")))}\"/>");
            foreach (var (x, y) in points) svg.AppendLine(CultureInfo.InvariantCulture, $"<circle cx=\"{X(x):0.#}\" cy=\"{Y(y):0.#}\" r=\"{1.5 * width:0.#}\" fill=\"{colour}\"/>");
            Text(Width - Right + 50, at + Top + 40 + (18 * i), "start", name, colour);
        }

        double X(double x) => Left + (x / mostX * (Width - Left - Right));
        double Y(double y) => at + Top + ((1 - (y / mostY)) * (ChartHeight - Top - Bottom));
        void Line(double x1, double y1, double x2, double y2, string colour, string dashes) =>
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{colour}\" stroke-dasharray=\"{dashes}\"/>");
        void Text(double x, double y, string anchor, string words, string colour) =>
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{words}</text>");
    }

    // 1, 2 or 5 times a power of ten.
    private static double RoundUp(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        foreach (var step in (ReadOnlySpan<double>)[1, 2, 5]) if (value <= step * power) return step * power;
        return 10 * power;
    }

    private sealed record Series(string Name, string Colour, double Width, (double X, double Y)[] Points);
}
