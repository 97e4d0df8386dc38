namespace VoiceGateway.Sip;

/// <summary>
/// A REFER of a call's peer (RFC 3515): we are to call somebody else. Taken or refused within <see cref="ISipCallHandler.OnRefer"/>;
/// who does neither refuses (603). What becomes of it is reported to the peer; the call itself stays as it is.
/// </summary>
public sealed class SipIncomingReferral
{
    private readonly SipCall _call;
    private readonly SipStack _stack;
    private readonly ReferTo _asked;
    private readonly ReferSubscription? _subscription;
    private SipReply? _refusal = new(603);
    private bool _isDecided;

    internal SipIncomingReferral(SipCall call, SipStack stack, ReferTo asked, ReferSubscription? subscription)
    {
        _call = call;
        _stack = stack;
        _asked = asked;
        _subscription = subscription;
    }

    /// <summary>Whom to call: a sip, sips or tel URI without method and headers.</summary>
    public SipUri Target => _asked.Target;

    /// <summary>The target's call that the new one takes the place of: an attended transfer.</summary>
    public SipReplaces? Replaces => _asked.Replaces;

    /// <summary>Who asks, by their own word (RFC 3892); null: they do not say.</summary>
    public SipNameAddress? ReferredBy => _asked.ReferredBy;

    /// <summary>Whether the peer wants to be told (no, with Refer-Sub: false, RFC 4488).</summary>
    public bool IsReported => _subscription is not null;

    /// <summary>Completes when the peer has taken the last report, or will not.</summary>
    public Task Reported => _subscription?.Reported ?? Task.CompletedTask;

    /// <summary>What the INVITE to the target has to say: Replaces, Referred-By, and what the peer asked for in the URI.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers
    {
        get
        {
            List<(string, string)> headers = [.. _asked.Headers];
            if (Replaces is not null)
            {
                headers.Add((SipHeaderNames.Replaces, Replaces.ToString()));
                // Without support for it the target's telephone would ring, or a number be dialled that was never meant to be.
                headers.Add((SipHeaderNames.Require, ReplacesHeader.Extension));
            }

            if (ReferredBy is not null)
                headers.Add((SipHeaderNames.ReferredBy, ReferredBy.ToString()));
            return headers;
        }
    }

    /// <summary>202 follows when the handler returns.</summary>
    public void Accept() => Decide(null);

    /// <exception cref="ArgumentOutOfRangeException">The status is not 300 to 699.</exception>
    public void Refuse(int status, string? reason = null)
    {
        if (status is < 300 or > 699)
            throw new ArgumentOutOfRangeException(nameof(status), status, "A refusal has a status of 300 to 699.");
        Decide(new SipReply(status, reason));
    }

    /// <summary>Tells the peer how the call to the target goes; a final status is the last word. From any thread.</summary>
    public void Report(int status, string? reason = null)
    {
        if (_subscription is { } subscription)
            _call.Mailbox.Post(() => subscription.Report(status, reason ?? SipReasonPhrases.Get(status)));
    }

    /// <summary>
    /// Places the call that was asked for, with <see cref="Headers"/> besides its own, and reports on it. See <see cref="SipEndpoint.CallAsync"/>.
    /// </summary>
    public async Task<SipCallResult> CallAsync(SipOutgoingCall call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        var observer = call.OnProvisional;
        var placed = call with
        {
            Headers = [.. call.Headers, .. Headers],
            // It leads by way of whoever asked for it, who may ask again.
            Peer = call.Peer ?? _call.Peer,
            OnProvisional = response =>
            {
                Report(response.StatusCode, response.ReasonPhrase);
                observer?.Invoke(response);
            },
        };
        SipCall.CheckHeaders(placed.Headers);
        var result = await OutgoingInvite.RunAsync(_stack, placed, cancellationToken).ConfigureAwait(false);
        Report(result.StatusCode, result.Reason);
        return result;
    }

    public override string ToString() => $"REFER within {_call}";

    /// <summary>The refusal; null when it was taken. Later decisions come too late.</summary>
    internal SipReply? Decide()
    {
        _isDecided = true;
        return _refusal;
    }

    private void Decide(SipReply? refusal)
    {
        if (_isDecided)
            return;
        _isDecided = true;
        _refusal = refusal;
    }
}
