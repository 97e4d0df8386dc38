using VoiceGateway.Abstractions;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Tests.Signalling;

public sealed class ReferOutcomesTests
{
    [Theory]
    [InlineData(200, TransferStatus.Connected)]
    [InlineData(486, TransferStatus.Busy)]
    [InlineData(600, TransferStatus.Busy)]
    [InlineData(408, TransferStatus.NoAnswer)]
    [InlineData(480, TransferStatus.NoAnswer)]
    [InlineData(487, TransferStatus.NoAnswer)]
    [InlineData(403, TransferStatus.Declined)]
    [InlineData(603, TransferStatus.Declined)]
    [InlineData(404, TransferStatus.UnknownTarget)]
    [InlineData(484, TransferStatus.UnknownTarget)]
    [InlineData(302, TransferStatus.Failed)]
    [InlineData(503, TransferStatus.Failed)]
    public void Of_ReportedStatus_SaysWhatBecameOfTheCall(int status, TransferStatus expected)
    {
        var outcome = ReferOutcomes.Of(new SipReferralResult(SipReferralEnd.Reported, status));
        Assert.Equal((expected, status), (outcome.Status, outcome.SipStatusCode));
        Assert.NotEmpty(outcome.Explanation!);
    }

    [Theory]
    [InlineData(405, TransferStatus.NotSupported)]
    [InlineData(501, TransferStatus.NotSupported)]
    [InlineData(403, TransferStatus.NotSupported)]
    [InlineData(407, TransferStatus.NotSupported)]
    [InlineData(429, TransferStatus.NotSupported)]
    [InlineData(603, TransferStatus.Declined)]
    [InlineData(404, TransferStatus.UnknownTarget)]
    [InlineData(481, TransferStatus.CallerGone)]
    [InlineData(500, TransferStatus.Failed)]
    [InlineData(null, TransferStatus.Failed)]
    public void Of_RefusedRefer_SaysWhoRefused(int? status, TransferStatus expected) =>
        Assert.Equal(expected, ReferOutcomes.Of(new SipReferralResult(SipReferralEnd.Refused, status)).Status);

    [Fact]
    public void Of_NoStatusAtAll_IsNeverConnected()
    {
        Assert.Equal(TransferStatus.CallerGone, ReferOutcomes.Of(new SipReferralResult(SipReferralEnd.CallEnded)).Status);
        Assert.Equal(TransferStatus.Failed, ReferOutcomes.Of(new SipReferralResult(SipReferralEnd.Unreported)).Status);
    }

    [Theory]
    [InlineData(SipReferralEnd.Accepted, TransferStatus.Failed)]
    [InlineData(SipReferralEnd.Unreported, TransferStatus.Failed)]
    [InlineData(SipReferralEnd.CallEnded, TransferStatus.CallerGone)]
    public void Of_EndWithoutAStatus_IsNoSuccess(SipReferralEnd end, TransferStatus expected) =>
        Assert.Equal(expected, ReferOutcomes.Of(new SipReferralResult(end, 202)).Status);
}
