using System.Runtime.InteropServices;
using System.Text.Json;

namespace VoiceGateway.Load;

/// <summary>Runs the curves, one after the other, and writes the report. Exit 1 when not even the first stage held.</summary>
internal static class LoadRun
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<int> RunAsync(LoadOptions options, CancellationToken stop)
    {
        var curves = new List<CurveResult>();
        foreach (var chunkMs in options.ChunkMs) curves.Add(await (options.Floor ? BesideFloorAsync(options, chunkMs, stop) : CurveAsync(options, chunkMs, stop)));
        var result = new LoadResult(
            Environment.ProcessorCount, $"{RuntimeInformation.OSArchitecture}", RuntimeInformation.FrameworkDescription,
            [.. options.Gateway, .. options.Environment.Select(static v => $"{v.Key}={v.Value}")], curves);

        return await WriteAsync(result, options.Report, stop);
    }

    /// <summary>Writes the report of figures that were taken before.</summary>
    public static async Task<int> AgainAsync(string report, CancellationToken stop) =>
        await WriteAsync(JsonSerializer.Deserialize<LoadResult>(await File.ReadAllTextAsync(report + ".json", stop), Json)!, report, stop);

    private static async Task<CurveResult> CurveAsync(LoadOptions options, int chunkMs, CancellationToken stop)
    {
        await using var curve = new LoadCurve(options, chunkMs);
        var stages = await curve.RunAsync(stop);
        return new CurveResult(chunkMs, options.Tls, curve.Security, stages, curve.Perf);
    }

    // Not between the stages: the calls of the stage before are up then, and two cores have no room for both.
    private static async Task<CurveResult> BesideFloorAsync(LoadOptions options, int chunkMs, CancellationToken stop)
    {
        var before = await FloorRun.MeasureAsync(options.Calls, chunkMs, options.GatewayProcessors, stop);
        var curve = await CurveAsync(options, chunkMs, stop);
        var after = await FloorRun.MeasureAsync(curve.Stages.Select(static s => s.Calls), chunkMs, options.GatewayProcessors, stop);
        return curve with { Stages = [.. curve.Stages.Select(s => s with { Floor = new FloorSpan(before[s.Calls], after[s.Calls]) })] };
    }

    private static async Task<int> WriteAsync(LoadResult result, string report, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(report))!);
        await File.WriteAllTextAsync(report + ".json", JsonSerializer.Serialize(result, Json) + "\n", stop);
        await File.WriteAllTextAsync(report + ".svg", CostPlot.Draw(result.Curves), stop);
        var text = LoadText.Of(result, Path.GetFileName(report) + ".svg");
        await File.WriteAllTextAsync(report + ".md", text, stop);
        Console.WriteLine(text);
        return result.Curves.All(static c => c.Stages[0].Held) ? 0 : 1;
    }
}
