namespace VoiceGateway.Sip;

/// <summary>Our credentials in requests within a dialog (RFC 3261 section 22).</summary>
internal static class DialogCredentials
{
    /// <summary>Credentials refused, a stale nonce, and one proxy after the other: who asks more often is not to be satisfied.</summary>
    public const int MostTries = 4;

    /// <summary>What the peer is likely to ask for anyway; nobody else gets it.</summary>
    public static void Put(SipDialog dialog, SipRequest request)
    {
        if (dialog.LeadsHome)
            dialog.Digest?.Preauthorize(request);
    }

    /// <summary>The peer has let the request pass.</summary>
    public static void Passed(SipDialog dialog, SipRequest request)
    {
        if (dialog.LeadsHome)
            dialog.Digest?.Passed(request);
    }

    /// <summary>The INVITE's own, which its ACK has to repeat, since nobody can challenge an ACK (section 13.2.2.4).</summary>
    public static void Copy(SipRequest from, SipRequest to)
    {
        foreach (var name in (ReadOnlySpan<string>)[SipHeaderNames.Authorization, SipHeaderNames.ProxyAuthorization])
        {
            to.Headers.Remove(name);
            to.Headers.CopyFrom(from.Headers, name);
        }
    }

    /// <summary>
    /// The request to send instead of the one that was challenged: with credentials, the dialog's next CSeq and no Via yet.
    /// Null: the challenge is the outcome.
    /// </summary>
    /// <param name="dialog">Whose credentials count.</param>
    /// <param name="refused">As it was sent.</param>
    /// <param name="challenge">401 or 407.</param>
    /// <param name="tries">How often this request has been sent.</param>
    public static SipRequest? Answer(SipDialog dialog, SipRequest refused, SipResponse challenge, int tries)
    {
        if (dialog.Digest is not { } digest || challenge.StatusCode is not (401 or 407) || tries >= MostTries)
            return null;
        var again = refused.Clone();
        again.Headers.Remove(SipHeaderNames.Via);
        if (!digest.TryAuthorize(again, challenge, dialog.LeadsHome))
        {
            // What was refused may have been a nonce of an earlier request, from a server that does not say stale.
            if (tries > 1 || !(again.Headers.Remove(SipHeaderNames.Authorization) | again.Headers.Remove(SipHeaderNames.ProxyAuthorization)) || !digest.TryAuthorize(again, challenge, dialog.LeadsHome))
                return null;
        }

        again.CSeq = again.CSeq with { Number = dialog.NextSequence() };
        return again;
    }
}
