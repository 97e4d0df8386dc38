using BenchmarkDotNet.Running;
using VoiceGateway.Codecs.Benchmarks;

// --filter '*' runs all of them; a loaded machine wants --inProcess, which builds no child project.
BenchmarkSwitcher.FromAssembly(typeof(G711EncodeBenchmarks).Assembly).Run(args);
