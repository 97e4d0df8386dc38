namespace VoiceGateway.Caller;

/// <summary>Sums many calls up.</summary>
internal static class LoadSummary
{
    public static LoadReport Of(
        LoadOptions options, IReadOnlyList<CallerReport> calls, ArrivalHistogram arrivals, SteadyPeriod steady, Softphone softphone, ProcessWatch? watch)
    {
        var answered = calls.Where(call => call.AnsweredMs is not null).ToList();
        var turns = answered.SelectMany(call => call.Turns).Where(turn => turn.Kind != TurnKind.Greeting && turn.SpokeUntilMs is not null).ToList();
        return new LoadReport
        {
            Target = options.Call.Target.ToString(),
            CallsPlaced = calls.Count,
            CallsAnswered = answered.Count,
            CallsLost = answered.Count(call => IsLost(call, options)),
            Failures = calls.Where(call => call.AnsweredMs is null || IsLost(call, options)).GroupBy(call => call.Reason).ToDictionary(same => same.Key, same => same.Count()),
            SteadySeconds = Math.Round(steady.Duration.TotalSeconds, 1),
            SetupMs = Spread(answered, call => call.AnsweredMs),
            FirstRtpMs = Spread(answered, call => call.FirstRtpMs),
            FirstSpeechMs = Spread(answered, call => call.FirstSpeechMs),
            TurnLatencyMs = Spread(turns, turn => turn.LatencyMs),
            BargeInStopMs = Spread(turns, turn => turn.BargeInStopMs),
            InterArrivalMs = Distribution.Of(arrivals),
            Turns = turns.Count,
            TurnsWithoutReply = Unreplied(answered),
            PacketsSent = calls.Sum(call => call.Rtp.PacketsSent),
            PacketsReceived = calls.Sum(call => call.Rtp.PacketsReceived),
            PacketsLost = calls.Sum(call => call.Rtp.PacketsLost),
            LateGaps = calls.Sum(call => call.LateGaps),
            SilentGaps = calls.Sum(call => call.SilentGaps),
            Generator = new GeneratorUse
            {
                CpuPercent = steady.Duration < TimeSpan.FromSeconds(1) ? 0 : Math.Round(100 * steady.Cpu / steady.Duration, 2),
                // As many are sent as are received, near enough: every call sends all the time.
                AllocatedBytesPerPacket = Math.Round(steady.AllocatedBytes / Math.Max(1.0, 2.0 * steady.PacketsReceived), 2),
                PacketsUnmeasured = calls.Sum(call => call.Rtp.PacketsUnmeasured),
                LateTicks = softphone.LateTicks,
                MaxLatenessMs = Math.Round(softphone.MaxLateness.TotalMilliseconds, 2),
            },
            Gateway = watch?.Summarise(Math.Min(options.Calls, answered.Count)),
        };
    }

    private static bool IsLost(CallerReport call, LoadOptions options) => call.AnsweredMs is not null
        && call.Outcome is not (CallerOutcome.Cancelled or CallerOutcome.HungUp)
        && !(options.Redials && call.Outcome == CallerOutcome.RemoteHungUp);

    /// <summary>A call's last turn is left out: the hang-up may have come before its reply.</summary>
    private static int Unreplied(IEnumerable<CallerReport> calls) =>
        calls.Sum(call => call.Turns.SkipLast(1).Count(turn => turn.Kind != TurnKind.Greeting && turn.ReplyFromMs is null));

    private static Distribution Spread<T>(IEnumerable<T> items, Func<T, double?> figure) =>
        Distribution.Of(items.Select(figure).Where(value => value is not null).Select(value => value!.Value));
}
