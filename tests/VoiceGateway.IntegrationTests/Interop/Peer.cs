using VoiceGateway.Codecs.Tests;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>A program of somebody else's that a test needs.</summary>
internal sealed record Peer(string Program, string DebianPackage)
{
    public static readonly Peer Sipp = new("sipp", "sip-tester");

    public static readonly Peer Baresip = new("baresip", "baresip");

    public static readonly Peer Kamailio = new("kamailio", "kamailio");

    public static readonly Peer Linphone = new("linphonec", "linphone-cli");

    public static readonly Peer Fail2Ban = new("fail2ban-regex", "fail2ban");

    /// <summary>Where it is. Skips the test when it is not installed, or fails it when VOICEGATEWAY_REQUIRE_PEERS=1.</summary>
    public string Require()
    {
        var path = Find();
        InstalledPeer.Require(path is null ? $"{Program} is not on PATH; Debian has it in the package {DebianPackage}: apt-get install {DebianPackage}" : null);
        return path!;
    }

    // Servers are in folders that not everybody has on the path.
    private string? Find() => $"{Environment.GetEnvironmentVariable("PATH")}{Path.PathSeparator}/usr/sbin{Path.PathSeparator}/usr/local/sbin"
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, Program))
        .FirstOrDefault(File.Exists);
}
