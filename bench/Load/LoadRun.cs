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
        foreach (var chunkMs in options.ChunkMs)
        {
            await using var curve = new LoadCurve(options, chunkMs);
            var stages = await curve.RunAsync(stop);
            curves.Add(new CurveResult(chunkMs, options.Tls, curve.Security, stages, curve.Perf));
        }
        var result = new LoadResult(
            Environment.ProcessorCount, $"{RuntimeInformation.OSArchitecture}", RuntimeInformation.FrameworkDescription, [.. options.Gateway, .. options.Environment.Select(static v => $"{v.Key}={v.Value}")], curves);

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Report))!);
        await File.WriteAllTextAsync(options.Report + ".json", JsonSerializer.Serialize(result, Json) + "\n", stop);
        await File.WriteAllTextAsync(options.Report + ".svg", CostPlot.Draw(curves), stop);
        var text = LoadText.Of(result, Path.GetFileName(options.Report) + ".svg");
        await File.WriteAllTextAsync(options.Report + ".md", text, stop);
        Console.WriteLine(text);
        return curves.All(static c => c.Stages[0].Held) ? 0 : 1;
    }
}
