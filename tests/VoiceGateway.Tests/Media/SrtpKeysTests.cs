using VoiceGateway.Media;
using VoiceGateway.Rtp;
using VoiceGateway.Sip;

namespace VoiceGateway.Tests.Media;

public sealed class SrtpKeysTests
{
    // The two rooms know the suites apart: whatever SDP can agree on, the session can do.
    [Fact]
    public void Of_EverySuiteOfSdp_IsOneOfTheSessions()
    {
        Assert.Equal(SdesSuites.All.Order(), SrtpSuite.All.Select(static suite => suite.Name).Order());
        foreach (var suite in SrtpSuite.All)
        {
            var (ours, theirs) = (new SdpCryptoKey { KeyAndSalt = Key(suite, 1) }, new SdpCryptoKey { KeyAndSalt = Key(suite, 2), Mki = [7] });
            var parameters = SrtpKeys.Of(new NegotiatedSrtp(suite.Name, ours, [theirs]))!;
            Assert.Equal(new SrtpMasterKey(suite, Key(suite, 1)), parameters.Send);
            Assert.Equal(new SrtpMasterKey(suite, Key(suite, 2), [7]), Assert.Single(parameters.Receive));
        }
    }

    [Fact]
    public void Of_InTheClear_IsNone() => Assert.Null(SrtpKeys.Of(null));

    private static byte[] Key(SrtpSuite suite, byte first) => [.. Enumerable.Repeat(first, suite.MasterLength)];
}
