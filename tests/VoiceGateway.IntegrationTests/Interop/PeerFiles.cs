namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>Files below <c>tests/interop</c>, read where they stand in the checkout.</summary>
internal static class PeerFiles
{
    private static readonly string Root = Find();

    public static string Sipp(string scenario) => Path.Combine(Root, "sipp", $"{scenario}.xml");

    public static string SippPart(string part) => Path.Combine(Root, "sipp", "parts", $"{part}.txt");

    public static string Simulator(string scenario) => Path.Combine(Root, "simulator", $"{scenario}.json");

    public static string Baresip(string file) => Path.Combine(Root, "baresip", file);

    public static string Kamailio(string file) => Path.Combine(Root, "kamailio", file);

    public static string Linphone(string file) => Path.Combine(Root, "linphone", file);

    /// <summary>Of the configuration as it is shipped.</summary>
    public static string Shipped(string file) => Path.Combine(Root, "..", "..", "config", file);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "tests", "interop", "sipp"))) return Path.Combine(folder.FullName, "tests", "interop");
        throw new DirectoryNotFoundException($"tests/interop is not above {AppContext.BaseDirectory}");
    }
}
