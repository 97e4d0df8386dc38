namespace VoiceGateway.Caller;

/// <summary>Makes a report of what a call's leg measured.</summary>
internal static class CallerReports
{
    public static CallerReport Create(CallerOptions options, CallEnding ending, string? callId, string? codec, CallTimes times, CallerLeg? leg)
    {
        var report = new CallerReport
        {
            Target = options.Target.ToString(),
            CallId = callId,
            Outcome = ending.Outcome,
            StatusCode = ending.StatusCode,
            Reason = ending.Reason,
            Codec = codec,
            RingingMs = StopwatchTime.Between(times.Invited, times.Ringing),
            AnsweredMs = StopwatchTime.Between(times.Invited, times.Answered),
            DurationMs = StopwatchTime.Between(times.Answered, times.Ended),
        };
        return leg is null || times.Answered == 0 ? report : Fill(report, times, leg);
    }

    private static CallerReport Fill(CallerReport report, CallTimes times, CallerLeg leg)
    {
        var recording = leg.Finish();
        var finished = leg.ScriptFinished || (report.Outcome == CallerOutcome.RemoteHungUp && leg.IsFinishedByBye);
        var problems = leg.Problems.ToList();
        if (!finished && report.Outcome is not CallerOutcome.Cancelled) problems.Add($"{report.Reason} before the script was done");
        return report with
        {
            FirstRtpMs = StopwatchTime.Between(times.Answered, leg.Arrivals.FirstArrival) is { } first ? Math.Max(0, first) : null,
            FirstSpeechMs = StopwatchTime.Between(times.Answered, leg.FirstSpeech),
            ScriptFinished = finished,
            Problems = problems,
            Turns = [.. leg.Turns.Turns.Select(turn => turn.ToReport(times.Answered))],
            Rtp = Rtp(leg),
            LostGaps = leg.Gaps.Count(GapKind.Lost),
            LateGaps = leg.Gaps.Count(GapKind.Late),
            SilentGaps = leg.Gaps.Count(GapKind.Silence),
            Gaps = leg.Gaps.Gaps,
            DigitsHeard = leg.DigitsHeard,
            Recording = recording,
            PacketsTaken = leg.Path?.Lost ?? [],
        };
    }

    private static RtpReport Rtp(CallerLeg leg)
    {
        var statistics = leg.Session.Statistics;
        var arrivals = leg.Arrivals.Histogram;
        return new RtpReport
        {
            PacketsSent = statistics.PacketsSent,
            PacketsReceived = statistics.PacketsReceived,
            PacketsLost = statistics.Lost,
            PacketsReordered = statistics.Reordered,
            PacketsDuplicated = statistics.Duplicates,
            PacketsUnmeasured = leg.Arrivals.Unmeasured,
            JitterMs = Math.Round(statistics.JitterSeconds * 1000, 3),
            RoundTripMs = statistics.RoundTrip?.TotalMilliseconds,
            RemoteFractionLost = statistics.RemoteFractionLost,
            InterArrivalP50Ms = arrivals.Percentile(50),
            InterArrivalP99Ms = arrivals.Percentile(99),
            InterArrivalMaxMs = arrivals.Count == 0 ? null : Math.Round(arrivals.MaxMs, 3),
        };
    }
}
