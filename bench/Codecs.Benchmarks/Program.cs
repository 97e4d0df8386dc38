using BenchmarkDotNet.Running;
using VoiceGateway.Codecs.Benchmarks;

// --filter '*' runs all of them; --inProcess spares the build of a child project a benchmark.
BenchmarkSwitcher.FromAssembly(typeof(G711EncodeBenchmarks).Assembly).Run(args);
