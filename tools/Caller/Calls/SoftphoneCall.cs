using System.Diagnostics;
using VoiceGateway.Rtp;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary>One call from the INVITE to the report; owns its ports and its leg, and gives them back in reverse order.</summary>
internal sealed class SoftphoneCall(
    SipEndpoint endpoint, PlayoutClock clock, RtpPortAllocator allocator, SoftphoneOptions softphone, CallerScript script, CallerOptions options)
{
    private readonly CallerEventFeed _events = new(options.Progress);
    private readonly CallTimes _times = new();
    private NegotiatedAudio? _audio;
    private volatile bool _heardFromTarget;

    public async Task<CallerReport> RunAsync(CancellationToken hangUp)
    {
        var watching = _events.RunAsync();
        try
        {
            return await CallAsync(hangUp).ConfigureAwait(false);
        }
        finally
        {
            _events.Complete();
            await watching.ConfigureAwait(false);
        }
    }

    private async Task<CallerReport> CallAsync(CancellationToken hangUp)
    {
        if (!allocator.TryOpen(softphone.LocalAddress, out var ports))
            return Report(new CallEnding(CallerOutcome.Failed, "there is no free pair of RTP ports"), null, null);
        using (ports)
        {
            using var path = options.Impairments.IsNone ? null : new ImpairedPath(softphone.LocalAddress, options.Impairments);
            // A bad network lies on the signalled way: what comes by another does not show a better one.
            var rtp = new RtpSessionOptions { Ports = ports, TimeProvider = softphone.TimeProvider, Symmetric = path is null };
            using var leg = new CallerLeg(rtp, options, script, options.TellOfMedia ? _events : CallerEventFeed.Nobody, softphone.ClockTick) { Path = path };
            SipCall? call;
            CallEnding ending;
            // Before the INVITE: media may come before the answer does.
            using (clock.Add(leg.Session))
            {
                (call, ending) = await ConverseAsync(leg, ports, hangUp).ConfigureAwait(false);
                _times.Ended = Stopwatch.GetTimestamp();
            }
            if (call is not null) await call.HangUpAsync().ConfigureAwait(false);
            return Report(ending, call, leg);
        }
    }

    private async Task<(SipCall? Call, CallEnding Ending)> ConverseAsync(CallerLeg leg, RtpPorts ports, CancellationToken hangUp)
    {
        using var unanswered = new CancellationTokenSource(options.AnswerTimeout, softphone.TimeProvider);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(unanswered.Token, hangUp);
        var request = Request(leg, ports);
        _times.Invited = Stopwatch.GetTimestamp();
        var placing = endpoint.CallAsync(request, giveUp.Token);
        await FirstAsync(giveUp.Token, placing).ConfigureAwait(false);
        var within = $"within {options.AnswerTimeout.TotalSeconds:0.#} s";
        if (!placing.IsCompleted && !_heardFromTarget)
        {
            // Without any response there is nothing that CANCEL could follow (RFC 3261, section 9.1): the endpoint sees to a late answer, nobody waits for it here.
            return (null, hangUp.IsCancellationRequested
                ? new CallEnding(CallerOutcome.Cancelled, "cancelled before the answer")
                : new CallEnding(CallerOutcome.Unreachable, $"no response from the target {within}"));
        }
        var result = await placing.ConfigureAwait(false);
        if (result.Call is { } call)
        {
            _events.Post(CallerEventKind.Answered, _times.Answered, _audio?.Codec.EncodingName);
            return (call, await EndAsync(call, leg, hangUp).ConfigureAwait(false));
        }
        return (null, hangUp.IsCancellationRequested ? new CallEnding(CallerOutcome.Cancelled, "cancelled before the answer")
            : unanswered.IsCancellationRequested ? new CallEnding(CallerOutcome.Unanswered, $"nobody answered {within}")
            : CallEndings.OfRefusal(result));
    }

    private async Task<CallEnding> EndAsync(SipCall call, CallerLeg leg, CancellationToken hangUp)
    {
        using var tooLong = new CancellationTokenSource(options.MaxDuration, softphone.TimeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(hangUp, tooLong.Token);
        await FirstAsync(stop.Token, leg.Done, call.Completion).ConfigureAwait(false);
        if (leg.Done.IsCompleted)
        {
            return await leg.Done.ConfigureAwait(false) is { } fault
                ? new CallEnding(CallerOutcome.Failed, $"the media failed: {fault.Message}", 200)
                : new CallEnding(CallerOutcome.HungUp, "the caller hung up", 200);
        }
        if (call.Completion.IsCompleted) return CallEndings.OfCall(await call.Completion.ConfigureAwait(false));
        return hangUp.IsCancellationRequested
            ? new CallEnding(CallerOutcome.Cancelled, "cancelled", 200)
            : new CallEnding(CallerOutcome.TooLong, $"the call was hung up after {options.MaxDuration.TotalSeconds:0.#} s", 200);
    }

    /// <summary>Waits for the first of the tasks, or for the token.</summary>
    private static async Task FirstAsync(CancellationToken token, params Task[] tasks)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), stopped).ConfigureAwait(false);
        await Task.WhenAny([stopped.Task, .. tasks]).ConfigureAwait(false);
    }

    private SipOutgoingCall Request(CallerLeg leg, RtpPorts ports)
    {
        var local = new LocalAudio(softphone.LocalAddress, ports.RtpPort, CallerNegotiator.Formats(options.Codec)) { Srtp = options.Srtp, OffersKeys = true };
        return new SipOutgoingCall
        {
            To = options.Target,
            From = new SipNameAddress(options.From ?? new SipUri("caller", softphone.LocalAddress.ToString()), options.DisplayName),
            Negotiator = new CallerNegotiator(local, audio => Agreed(leg, audio)),
            OnProvisional = Progress,
        };
    }

    /// <summary>In the call's mailbox: at the 200, and at every re-INVITE.</summary>
    private void Agreed(CallerLeg leg, NegotiatedAudio audio)
    {
        _audio = audio;
        if (_times.Answered == 0) _times.Answered = Stopwatch.GetTimestamp();
        leg.Answered(audio, _times.Answered);
    }

    private void Progress(SipResponse response)
    {
        _heardFromTarget = true;
        if (response.StatusCode is not (180 or 183) || _times.Ringing != 0) return;
        _times.Ringing = Stopwatch.GetTimestamp();
        _events.Post(CallerEventKind.Ringing, _times.Ringing);
    }

    private CallerReport Report(CallEnding ending, SipCall? call, CallerLeg? leg)
    {
        var report = CallerReports.Create(options, ending, call?.CallId, _audio?.Codec.EncodingName, _times, leg);
        _events.Post(CallerEventKind.Ended, _times.Ended, ending.Reason);
        return report;
    }
}
