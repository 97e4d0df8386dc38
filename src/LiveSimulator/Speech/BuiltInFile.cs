using System.Reflection;

namespace VoiceGateway.LiveSimulator;

/// <summary>Voices and scenarios are embedded in the assembly, so that they are there wherever it is deployed to.</summary>
internal static class BuiltInFile
{
    private static readonly Assembly Home = typeof(BuiltInFile).Assembly;

    public static Stream Open(string name) =>
        Home.GetManifestResourceStream(name) ?? throw new FileNotFoundException($"No built-in file '{name}'.");

    public static IEnumerable<string> Names(string folder) =>
        Home.GetManifestResourceNames().Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
