namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>A program of somebody else's that a test needs.</summary>
internal sealed record Peer(string Program, string DebianPackage)
{
    public static readonly Peer Sipp = new("sipp", "sip-tester");

    public static readonly Peer Baresip = new("baresip", "baresip");

    /// <summary>Where it is. Skips the test when it is not installed, or fails it when VOICEGATEWAY_REQUIRE_PEERS=1.</summary>
    public string Require()
    {
        if (Find() is { } path) return path;
        var missing = $"{Program} is not on PATH; Debian has it in the package {DebianPackage}: apt-get install {DebianPackage}";
        if (Environment.GetEnvironmentVariable("VOICEGATEWAY_REQUIRE_PEERS") == "1") Assert.Fail(missing);
        Skip.If(true, missing);
        return "";
    }

    private string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, Program))
        .FirstOrDefault(File.Exists);
}
