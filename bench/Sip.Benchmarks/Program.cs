using BenchmarkDotNet.Running;
using VoiceGateway.Sip.Benchmarks;

// --filter '*' runs all of them; a loaded machine wants --inProcess, which builds no child project.
BenchmarkSwitcher.FromAssembly(typeof(MessageBenchmarks).Assembly).Run(args);
