using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>
/// What identifies a server transaction (RFC 3261 section 17.2.3): branch, sent-by and method, where an ACK counts as its INVITE.
/// A request without the magic cookie comes from an RFC 2543 element and is known by Request-URI, From tag, Call-ID, CSeq number
/// and the whole top Via; the To tag is left out, because an ACK has one where its INVITE had none.
/// </summary>
internal readonly record struct ServerTransactionKey(string Branch, string SentBy, string Method)
{
    public static ServerTransactionKey Of(SipRequest request) =>
        Of(request, request.Method == SipMethods.Ack ? SipMethods.Invite : request.Method);

    /// <summary>The INVITE that this CANCEL is for (section 9.2).</summary>
    public static ServerTransactionKey OfCancelled(SipRequest cancel) => Of(cancel, SipMethods.Invite);

    private static ServerTransactionKey Of(SipRequest request, string method)
    {
        var via = request.TopVia;
        if (via.HasMagicCookie)
        {
            var sentBy = via.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{via.Host}:{port}") : via.Host;
            return new ServerTransactionKey(via.Branch!, sentBy.ToLowerInvariant(), method);
        }

        var old = string.Join('\n', request.RequestUri, request.From.Tag, request.CallId, request.CSeq.Number.ToString(CultureInfo.InvariantCulture));
        return new ServerTransactionKey(old, via.ToString(), method);
    }
}
