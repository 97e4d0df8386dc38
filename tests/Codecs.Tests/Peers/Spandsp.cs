using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs.Tests;

/// <summary>libspandsp (Debian: libspandsp2), which judges some of the codecs and tones here.</summary>
internal static class Spandsp
{
    public const string Library = "libspandsp.so.2";

    /// <summary>Skips the test when it is not installed, or fails it when VOICEGATEWAY_REQUIRE_PEERS=1.</summary>
    public static void Require() => InstalledPeer.Require(
        NativeLibrary.TryLoad(Library, out _) ? null : $"{Library} cannot be loaded; Debian has it in the package libspandsp2: apt-get install libspandsp2");
}
