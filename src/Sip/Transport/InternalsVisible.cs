using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sip.Tests")]
[assembly: InternalsVisibleTo("Sip.Benchmarks")]
