namespace VoiceGateway.Sip;

/// <summary>
/// Hands offences to the host, few of them: what bans a source needs some lines, and what floods us must not flood the log too.
/// </summary>
internal sealed class OffenceReports(Action<SipOffence>? report, Func<SipFlow, bool> knows, TimeProvider time, SipCounters counters, Action<Exception> onFault)
{
    private const int LongestUser = 64;

    private readonly SourceTable _sources = new(report is null ? 1 : 4096, time, TimeSpan.Zero);
    private readonly TokenRate _perSource = new(new SipRate(0.2, 10), time);
    private readonly TokenRate _inAll = new(new SipRate(10, 100), time);
    private long _spentUntil;
    private long _unreported;

    public void Add(SipFlow flow, SipOffenceKind kind, string? user = null)
    {
        if (report is null)
            return;
        long now = time.GetTimestamp();
        if (!_sources.TryTake(SourceKey.Of(flow), SourceBucket.Reports, _perSource, now) || !_inAll.TryTakeShared(ref _spentUntil, now))
        {
            Interlocked.Increment(ref _unreported);
            counters.Increment(SipCounter.OffencesUnreported);
            return;
        }

        try
        {
            report(new SipOffence(SipSource.Of(flow), kind, knows(flow), Shortened(user), Interlocked.Exchange(ref _unreported, 0)));
        }
        catch (Exception e)
        {
            onFault(e);
        }
    }

    /// <summary>One line of bounded length, whatever the peer wrote.</summary>
    private static string? Shortened(string? user) =>
        user is null ? null : SipGrammar.WithoutControls(user.Length > LongestUser ? user[..LongestUser] : user);
}
