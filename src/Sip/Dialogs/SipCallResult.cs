namespace VoiceGateway.Sip;

/// <summary>
/// What became of an outgoing call: the call when it was answered, else the status that says why not. Local failures take the
/// status that RFC 3261 section 8.1.3.1 gives them: 408 no answer, 503 not reachable; 487 cancelled, 488 unusable session.
/// </summary>
/// <param name="Call">The established call, or null.</param>
/// <param name="StatusCode">200 with a call.</param>
/// <param name="Reason">Reason phrase.</param>
/// <param name="Response">The final response, when the network gave one: Contact of a redirect, Retry-After, challenges.</param>
public sealed record SipCallResult(SipCall? Call, int StatusCode, string Reason, SipResponse? Response = null)
{
    /// <summary>Where a redirect sends us, the preferred place first (RFC 3261 section 8.1.3.4); empty for every other outcome.</summary>
    public IReadOnlyList<SipNameAddress> Contacts => Response is { StatusCode: >= 300 and < 400 } ? RedirectTargets.InOrder(Response) : [];

    /// <summary>When the callee, or who refused on its behalf, can be tried again (RFC 3261 section 20.33).</summary>
    public TimeSpan? RetryAfter => Response is null ? null : Sip.RetryAfter.Read(Response);
}
