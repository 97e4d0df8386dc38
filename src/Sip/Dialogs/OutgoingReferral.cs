namespace VoiceGateway.Sip;

/// <summary>One REFER of ours and the subscription that it implies (RFC 3515 section 2.4.4). Runs in the call's mailbox.</summary>
internal sealed class OutgoingReferral(SipOutgoingReferral wanted)
{
    private readonly TaskCompletionSource<SipReferralResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OutgoingReferral(SipUri target, Action<int>? progress)
        : this(new SipOutgoingReferral(target) { Progress = progress })
    {
    }

    public SipOutgoingReferral Wanted => wanted;

    public Task<SipReferralResult> Result => _result.Task;

    public bool IsDone => _result.Task.IsCompleted;

    /// <summary>CSeq of the REFER: the id by which NOTIFYs tell several of them apart (section 2.4.6).</summary>
    public uint Sequence { get; set; }

    public void Complete(SipReferralResult result) => _result.TrySetResult(result);

    /// <summary>
    /// The REFER's own answer. A 2xx promises nothing but reports (section 2.4.2), and with Refer-Sub: false not even those
    /// (RFC 4488 section 4).
    /// </summary>
    public void Answered(SipResponse? response)
    {
        if (response is not { StatusCode: < 300 })
            Complete(new SipReferralResult(SipReferralEnd.Refused, response?.StatusCode, response?.ReasonPhrase));
        else if (ReferSub.Read(response) == false)
            Complete(new SipReferralResult(SipReferralEnd.Accepted, response.StatusCode, response.ReasonPhrase));
    }

    public void Notified(SipRequest notify)
    {
        var isStatus = SipFragment.TryReadStatus(notify, out var status, out var reason);
        if (isStatus && status >= 200)
            Complete(new SipReferralResult(SipReferralEnd.Reported, status, reason));
        else if (IsTerminated(notify))
            Complete(new SipReferralResult(SipReferralEnd.Unreported));
        else if (isStatus)
            wanted.Progress?.Invoke(status);
    }

    private static bool IsTerminated(SipRequest notify) =>
        SipGrammar.WithoutParameters(notify.Headers.Get(SipHeaderNames.SubscriptionState), out _).Equals("terminated", StringComparison.OrdinalIgnoreCase);
}
