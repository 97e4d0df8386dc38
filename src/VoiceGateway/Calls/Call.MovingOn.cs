using VoiceGateway.Routing;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>
/// A call whose other side hands it on: the conversation, its session with the model and its port stay, the dialog is another.
/// <code>
///   REFER     202, NOTIFY 100 ─▶  INVITE to the target ─▶ 180: NOTIFY 180 ─▶ 200: NOTIFY 200, the call goes by that dialog, BYE to the old
///                                                        └▶ refused: NOTIFY 4xx, everything stays as it is
///   INVITE with Replaces          200, the call goes by that dialog, BYE to the old
/// </code>
/// </summary>
public sealed partial class Call
{
    private const int LongestReason = 200;
    private static readonly TimeSpan LongestReport = TimeSpan.FromSeconds(2);

    private readonly Lock _dialogs = new();
    private volatile Task? _movingOn;
    private bool _isMovingOn;

    // Who asked us to call somebody else often hangs up at once: then nobody is on the line until that one answers.
    private SipCallEnd? _leftBehind;

    /// <summary>The dialog that the call goes by; null: none yet.</summary>
    internal SipCall? Sip => _sip;

    /// <summary>Told of each dialog just before the call goes by it. Must be quick.</summary>
    internal Action<SipCall>? GoesBy { get; set; }

    private bool IsMovingOn { get { lock (_dialogs) return _isMovingOn; } }

    /// <summary>In the dialog's mailbox: takes the referral, and calls its target.</summary>
    /// <param name="referral">Allowed.</param>
    /// <param name="place">Places the call, with the negotiator given; asked once when this returns true.</param>
    /// <returns>False: not now. It is neither taken nor refused.</returns>
    internal bool TryFollow(SipIncomingReferral referral, Func<ISessionNegotiator, CancellationToken, Task<SipCallResult>> place)
    {
        if (!TryBeginMoving()) return false;
        referral.Accept();
        // Whom it leads to is behind the same trunk, but not always by TLS: keys are volunteered only where the target says so.
        var srtp = SrtpTerms.Of(_sip!) with { HidesKeys = referral.Target.IsSecure || referral.Target.Transport == "tls" };
        _movingOn = Task.Run(() => MoveOnAsync(srtp, line => FollowAsync(referral, place, line)));
        return true;
    }

    /// <summary>In the new dialog's mailbox: answers it, and lets the other go.</summary>
    /// <returns>False: not now. It is neither answered nor refused.</returns>
    internal bool TryContinueBy(SipCall next)
    {
        if (!TryBeginMoving()) return false;
        _movingOn = Task.Run(() => MoveOnAsync(SrtpTerms.Of(next), line => TakeAsync(next, line)));
        return true;
    }

    private bool TryBeginMoving()
    {
        lock (_dialogs)
        {
            if (_isMovingOn || _state != CallState.Talking || _ended.Task.IsCompleted || _transfer is { IsUnderWay: true }) return false;
            return _isMovingOn = true;
        }
    }

    private async Task MoveOnAsync(SrtpTerms srtp, Func<CallLine, Task<Reached>> reach)
    {
        // Whoever waits for somebody else to pick up is not idle.
        _watch.Held();
        var reached = new Reached(null);
        SipCall? left = null;
        try
        {
            var line = _media.Another(srtp);
            reached = await reach(line).ConfigureAwait(false);
            if (reached.By is { } next) left = MoveTo(next, line);
        }
        catch (Exception e)
        {
            LogNotMovedOn(e);
        }
        finally
        {
            _watch.Resumed();
        }
        if (left is null) Stayed(reached.Why);
        else await LetGoAsync(left, reached).ConfigureAwait(false);
    }

    private async Task<Reached> FollowAsync(SipIncomingReferral referral, Func<ISessionNegotiator, CancellationToken, Task<SipCallResult>> place, CallLine line)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(_services.Calls.TransferRingSeconds), _services.Time);
        using var ringing = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _over.Token);
        var result = await place(line.Negotiator, ringing.Token).ConfigureAwait(false);
        return new Reached(result.Call)
        {
            Why = ReferOutcomes.Of(new SipReferralResult(SipReferralEnd.Reported, result.StatusCode)).Explanation,
            Who = referral.Target.User,
            Reported = referral.Reported,
        };
    }

    private static async Task<Reached> TakeAsync(SipCall next, CallLine line)
    {
        if (line.Negotiator.CanAnswer(next.Invite.Body.Span)) return new Reached(await next.AnswerAsync(line.Negotiator).ConfigureAwait(false) ? next : null);
        RejectOffer(next, line.Negotiator.Objection(next.Invite.Body.Span));
        return new Reached(null);
    }

    /// <returns>The dialog to let go: the one that the call went by, or, when it has ended meanwhile, the new one.</returns>
    private SipCall MoveTo(SipCall next, CallLine line)
    {
        SipCall left;
        lock (_dialogs)
        {
            // The end of the call reads the dialog behind this lock: it hangs up either the one or the other.
            if (_ended.Task.IsCompleted) return next;
            left = _sip!;
            GoesBy?.Invoke(next);
            (_sip, _transfer, _leftBehind, _isMovingOn) = (next, null, null, false);
        }
        line.TakeOver();
        Watch(next);
        _timeline.Mark(TimelineMark.MovedOn);
        return left;
    }

    private async Task LetGoAsync(SipCall left, Reached reached)
    {
        if (left != reached.By)
        {
            _agent.Tell(SystemNote.MovedOn(reached.Who is null ? null : AgentValue.Number(reached.Who)));
            _watch.Nudged();
            // Heard before the BYE, which some take for the end of the subscription too.
            await Task.WhenAny(reached.Reported, Task.Delay(LongestReport, _services.Time)).ConfigureAwait(false);
        }
        await left.HangUpAsync(CallEndReason.Transferred.Meaning().ReasonHeader).ConfigureAwait(false);
    }

    private void Stayed(string? failure)
    {
        SipCallEnd? left;
        lock (_dialogs)
        {
            if (!_isMovingOn) return;
            (_isMovingOn, left) = (false, _leftBehind);
        }
        if (left is not null) End(CallEndReasons.Of(left), RemoteReason(left));
        else if (failure is { Length: > 0 } && !_ended.Task.IsCompleted) _agent.Note(SystemNote.NotMovedOn(failure));
    }

    private void DialogEnded(SipCall sip, SipCallEnd end)
    {
        lock (_dialogs)
        {
            if (sip != _sip) return;
            if (_isMovingOn && end.Cause == SipCallEndCause.RemoteBye && !_ended.Task.IsCompleted)
            {
                _leftBehind = end;
                _media.Hold();
                return;
            }
        }
        End(CallEndReasons.Of(end), RemoteReason(end));
    }

    /// <summary>Why the other side hung up, in its own words (RFC 3326).</summary>
    private static string? RemoteReason(SipCallEnd end) =>
        end.Cause is SipCallEndCause.RemoteBye or SipCallEndCause.Cancelled && end.ReasonHeader is { Length: > 0 } reason
            ? AgentValue.Words(reason.Replace("\"", "", StringComparison.Ordinal), LongestReason)
            : null;

    [LoggerMessage(108, LogLevel.Error, "A defect kept the call from being handed on")]
    private partial void LogNotMovedOn(Exception exception);

    /// <param name="By">The dialog that leads to somebody else; null: there is none.</param>
    private sealed record Reached(SipCall? By)
    {
        /// <summary>In words for the agent, why there is none; null: it need not know.</summary>
        public string? Why { get; init; }

        /// <summary>Whom it leads to, as far as is known.</summary>
        public string? Who { get; init; }

        /// <summary>Completes when whoever asked for it knows.</summary>
        public Task Reported { get; init; } = Task.CompletedTask;
    }
}
