namespace VoiceGateway.Codecs.Tests;

/// <summary>What of somebody else's a test needs.</summary>
internal static class InstalledPeer
{
    /// <summary>Skips the test when it is not there, or fails it when VOICEGATEWAY_REQUIRE_PEERS=1.</summary>
    /// <param name="missing">What is missing and where it is had from; null: it is there.</param>
    public static void Require(string? missing)
    {
        if (missing is null) return;
        if (Environment.GetEnvironmentVariable("VOICEGATEWAY_REQUIRE_PEERS") == "1") Assert.Fail(missing);
        Skip.If(true, missing);
    }
}
