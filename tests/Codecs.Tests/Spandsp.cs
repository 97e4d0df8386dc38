namespace VoiceGateway.Codecs.Tests;

/// <summary>libspandsp, which judges some of the codecs and tones here.</summary>
internal static class Spandsp
{
    /// <summary>Skips the test when it is not installed, or fails it when VOICEGATEWAY_REQUIRE_PEERS=1.</summary>
    public static void Require()
    {
        if (SpandspDtmf.IsThere) return;
        const string Missing = "libspandsp.so.2 cannot be loaded; Debian has it in the package libspandsp2: apt-get install libspandsp2";
        if (Environment.GetEnvironmentVariable("VOICEGATEWAY_REQUIRE_PEERS") == "1") Assert.Fail(Missing);
        Skip.If(true, Missing);
    }
}
