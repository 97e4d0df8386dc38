using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sip.Tests")]
