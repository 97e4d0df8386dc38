using VoiceGateway.Calls;
using VoiceGateway.GeminiLive;
using VoiceGateway.Sip;

namespace VoiceGateway.Tests.Calls;

public sealed class CallEndReasonsTests
{
    public static TheoryData<CallEndReason> All => [.. Enum.GetValues<CallEndReason>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Meaning_EveryReason_IsUsableEverywhere(CallEndReason reason)
    {
        var meaning = reason.Meaning();
        Assert.InRange(meaning.SipStatus, 400, 699);
        Assert.InRange(meaning.Q850Cause, 1, 127);
        Assert.Matches("^[a-z0-9_]+$", meaning.Tag);
        Assert.DoesNotContain('"', meaning.Text);
        Assert.Equal($"Q.850;cause={meaning.Q850Cause};text=\"{meaning.Text}\"", meaning.ReasonHeader);
    }

    [Fact]
    public void Meaning_Tags_AreDistinct()
    {
        var tags = Enum.GetValues<CallEndReason>().Select(r => r.Meaning().Tag).ToArray();
        Assert.Equal(tags.Length, tags.Distinct().Count());
    }

    [Fact]
    public void Meaning_NotTheCallersDoing_OwesAWord()
    {
        Assert.True(CallEndReason.LiveLost.Meaning().Apologise);
        Assert.True(CallEndReason.LiveUnavailable.Meaning().Apologise);
        Assert.True(CallEndReason.InternalError.Meaning().Apologise);
        Assert.False(CallEndReason.CallerHungUp.Meaning().Apologise);
    }

    [Theory]
    [InlineData(LiveCloseKind.QuotaExceeded, CallEndReason.NoSessionQuota, CallEndReason.NoSessionQuota)]
    [InlineData(LiveCloseKind.AuthenticationFailed, CallEndReason.LiveMisconfigured, CallEndReason.LiveMisconfigured)]
    [InlineData(LiveCloseKind.AccessDenied, CallEndReason.LiveMisconfigured, CallEndReason.LiveMisconfigured)]
    [InlineData(LiveCloseKind.ModelNotFound, CallEndReason.LiveMisconfigured, CallEndReason.LiveMisconfigured)]
    [InlineData(LiveCloseKind.EndpointNotFound, CallEndReason.LiveMisconfigured, CallEndReason.LiveMisconfigured)]
    [InlineData(LiveCloseKind.ContractViolated, CallEndReason.LiveMisconfigured, CallEndReason.LiveLost)]
    [InlineData(LiveCloseKind.NetworkLost, CallEndReason.LiveUnavailable, CallEndReason.LiveLost)]
    [InlineData(LiveCloseKind.ServiceUnavailable, CallEndReason.LiveUnavailable, CallEndReason.LiveLost)]
    [InlineData(LiveCloseKind.Defect, CallEndReason.InternalError, CallEndReason.InternalError)]
    public void Of_LiveFailure_DependsOnWhetherTheModelWasThere(LiveCloseKind kind, CallEndReason before, CallEndReason after)
    {
        Assert.Equal(before, CallEndReasons.Of(kind, talking: false));
        Assert.Equal(after, CallEndReasons.Of(kind, talking: true));
    }

    [Fact]
    public void Of_EveryLiveFailure_OwesTheCallerAWord()
    {
        foreach (var kind in Enum.GetValues<LiveCloseKind>())
        {
            Assert.True(CallEndReasons.Of(kind, talking: false).Meaning().Apologise);
            Assert.True(CallEndReasons.Of(kind, talking: true).Meaning().Apologise);
        }
    }

    [Fact]
    public void Of_PeerThatReachedTheOther_IsATransferHoweverItLeft()
    {
        Assert.Equal(CallEndReason.Transferred, CallEndReasons.Of(new SipCallEnd(SipCallEndCause.RemoteBye) { IsTransferred = true }));
        Assert.Equal(CallEndReason.Transferred, CallEndReasons.Of(new SipCallEnd(SipCallEndCause.TimedOut) { IsTransferred = true }));
        Assert.Equal(CallEndReason.CallerHungUp, CallEndReasons.Of(new SipCallEnd(SipCallEndCause.RemoteBye)));
    }

    /// <summary>The page that operators read says what the code does, row by row.</summary>
    [Fact]
    public void OperationsPage_Table_IsThatOfTheCode()
    {
        var expected = Enum.GetValues<CallEndReason>().Select(static r => r.Meaning()).Select(static m =>
            $"| `{m.Tag}` | {m.SipStatus} | {m.Q850Cause} | {m.Blame.ToString().ToLowerInvariant()} | {(m.Apologise ? "yes" : "")} | {m.Text} |").ToArray();
        var page = File.ReadAllLines(Path.Combine(Root(), "docs", "operations.md"));
        var start = Array.FindIndex(page, static l => l.StartsWith("| reason | status |", StringComparison.Ordinal));
        Assert.True(start >= 0, "docs/operations.md has no table of end reasons");
        Assert.Equal(expected, page.Skip(start + 2).TakeWhile(static l => l.StartsWith('|')));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VoiceGateway.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
