namespace VoiceGateway.Sip;

/// <summary>A REFER to send (RFC 3515): whom the peer is to call instead of us.</summary>
/// <param name="Target">Whom.</param>
public sealed record SipOutgoingReferral(SipUri Target)
{
    /// <summary>The call of the target's that the peer's new one takes the place of (RFC 3891); null: none, the target's telephone rings.</summary>
    public SipReplaces? Replaces { get; init; }

    /// <summary>
    /// Asks the peer not to report (Refer-Sub: false, RFC 4488). One that obliges ends the attempt at
    /// <see cref="SipReferralEnd.Accepted"/>; one that does not know of it reports all the same.
    /// </summary>
    public bool NoSubscription { get; init; }

    /// <summary>Told each provisional status that the peer reports; in the call's mailbox.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>
    /// An attended transfer (RFC 5589 section 7.1): the peer is to take our place in a call that we have with somebody else, who is
    /// addressed by the Contact of that call, so that no other telephone of theirs rings.
    /// </summary>
    /// <exception cref="ArgumentException">That call has no dialog yet.</exception>
    public static SipOutgoingReferral Into(SipCall consultation)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        var dialog = consultation.Dialog ?? throw new ArgumentException("A call that has not been answered cannot be replaced.", nameof(consultation));
        return new SipOutgoingReferral(dialog.RemoteTarget) { Replaces = SipReplaces.Of(dialog) };
    }

    /// <summary>The Refer-To: what the INVITE shall say stands in the URI (section 2.1, RFC 3891 section 5).</summary>
    internal string ReferTo
    {
        get
        {
            var uri = Target.WithoutHeaders().WithoutParameter("method").ToString();
            return Replaces is null ? $"<{uri}>" : $"<{uri}?{SipHeaderNames.Replaces}={SipEscaping.Escape(Replaces.ToString(), SipEscaping.HeaderChars)}>";
        }
    }
}
