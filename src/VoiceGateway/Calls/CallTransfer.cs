using VoiceGateway.Abstractions;
using VoiceGateway.Routing;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Calls;

/// <summary>
/// Hands one call's caller to somebody else. Whatever comes of it, the caller is never lost: until the caller's side says
/// that the other has answered, they stay with the agent.
/// <code>
///   ringing   302, Contact ─▶ the trunk calls the human
///   talking   REFER ─▶ 202 ─▶ NOTIFY 1xx … ─▶ NOTIFY 200: moved on, then BYE | 4xx, or silence: back to the agent
/// </code>
/// </summary>
/// <param name="sip">The call.</param>
/// <param name="agent">Whose human and whose caller it is.</param>
/// <param name="options">Whom callers may be handed to, and how long that may ring.</param>
/// <param name="time">Source of time.</param>
/// <param name="movedOn">The caller talks to the other side now: hang up. Once a transfer, any thread; also long after nobody waited for it.</param>
public sealed class CallTransfer(SipCall sip, AgentProfile agent, CallOptions options, TimeProvider time, Action movedOn)
{
    private const int Ringing = 180;
    private int _underWay;

    /// <summary>The other side is being called: the caller's silence means nothing now.</summary>
    public bool IsUnderWay => Volatile.Read(ref _underWay) != 0;

    /// <summary>Transfers by REFER. An empty target is the agent's human; others must be allowed by <see cref="CallOptions.TransferTargets"/>.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more; what has been asked of the caller's side goes on.</exception>
    public async Task<TransferOutcome> RunAsync(TransferRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Kind == TransferKind.Attended) return Outcome(TransferStatus.NotSupported, "Only transfers without announcement are possible.");
        if (Allowed(request.Target) is not { } target)
            return Outcome(TransferStatus.UnknownTarget, request.Target.Length == 0 ? "There is nobody to hand the caller to." : "The caller may not be handed to that number.");
        if (sip.State is SipCallState.Ending or SipCallState.Ended) return ReferOutcomes.Of(TransferStatus.CallerGone, null);
        if (sip.State != SipCallState.Established) return Outcome(TransferStatus.Failed, "The call has not been answered yet.");
        if (Interlocked.Exchange(ref _underWay, 1) != 0) return Outcome(TransferStatus.Failed, "A transfer is under way already.");
        try
        {
            return await ReferAsync(target.For(sip, options.TransferDomain), RingTimeout(request), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _underWay, 0);
        }
    }

    /// <summary>For a caller whose agent is not to be had: to the agent's human, if there is one.</summary>
    /// <param name="answer">Answers the call if it still rings, for <see cref="OverflowBy.Refer"/>; null: it is not to be answered for this.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>True: the caller is with the human, or their trunk was told to call there; the call is to be ended without words.
    /// False: the caller is still here, or was never to be had.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public async Task<bool> ToHumanAsync(Func<Task>? answer, CancellationToken cancellationToken = default)
    {
        if (TransferTarget.Parse(agent.Human) is not { } human) return false;
        if (sip is { IsIncoming: true, State: SipCallState.Proceeding or SipCallState.Ringing })
        {
            if (options.OverflowBy == OverflowBy.Redirect)
            {
                Redirect(sip, human.For(sip, options.TransferDomain));
                return (await sip.Completion.WaitAsync(cancellationToken).ConfigureAwait(false)).StatusCode == 302;
            }
            if (answer is null) return false;
            await answer().ConfigureAwait(false);
        }
        return (await RunAsync(new TransferRequest(""), cancellationToken).ConfigureAwait(false)).IsConnected;
    }

    /// <summary>302 (RFC 3261 section 21.3.3) for a call that rings.</summary>
    public static void Redirect(SipCall sip, SipUri contact) =>
        sip.Reject(302, null, (SipHeaderNames.Contact, new SipNameAddress(contact).ToString()));

    private async Task<TransferOutcome> ReferAsync(SipUri target, TimeSpan patience, CancellationToken cancellationToken)
    {
        var heardOf = 0;
        var referring = sip.ReferAsync(target, status => heardOf = Math.Max(heardOf, status));
        _ = referring.ContinueWith(
            (done, _) => { if (done.GetAwaiter().GetResult().IsSuccess) movedOn(); }, null, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            return ReferOutcomes.Of(await referring.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            return heardOf >= Ringing ? ReferOutcomes.Of(TransferStatus.NoAnswer, null)
                : Outcome(TransferStatus.Failed, "Nothing was heard of the transfer.");
        }
    }

    private TransferTarget? Allowed(string wanted)
    {
        var human = TransferTarget.Parse(agent.Human);
        if (wanted.Length == 0) return human;
        if (TransferTarget.Parse(wanted) is not { } target) return null;
        return (human is not null && target.Matches(human.Text)) || options.TransferTargets.Any(pattern => pattern is not null && target.Matches(pattern)) ? target : null;
    }

    private TimeSpan RingTimeout(TransferRequest request) => request.RingTimeout ?? TimeSpan.FromSeconds(options.TransferRingSeconds);

    private static TransferOutcome Outcome(TransferStatus status, string words) => new(status, null, words);
}
