using BenchmarkDotNet.Running;
using VoiceGateway.Codecs.Benchmarks;

// quality: all codecs and resamplers beside the usual C libraries; design: the resamplers' tables, found again.
// Otherwise BenchmarkDotNet: --filter '*' runs all of them; a loaded machine wants --inProcess, which builds no child project.
switch (args)
{
    case ["quality", .. var rest]:
        return QualityRun.Run(rest is [var path] ? path : "bench/reports/codecs.md");
    case ["design"]:
        return DesignRun.Run();
    default:
        BenchmarkSwitcher.FromAssembly(typeof(G711EncodeBenchmarks).Assembly).Run(args);
        return 0;
}
