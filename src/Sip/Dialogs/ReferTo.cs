namespace VoiceGateway.Sip;

/// <summary>
/// What a REFER asks for: Refer-To with what its URI wants in the INVITE, and who asks (RFC 3515 section 2.1, RFC 3892 section 3).
/// </summary>
/// <param name="Target">Whom to call: without method and headers.</param>
/// <param name="Replaces">The call of theirs that the new one takes the place of.</param>
/// <param name="Headers">Further headers that the INVITE shall have, of those that harm nobody.</param>
/// <param name="ReferredBy">Who asks, as they say; null: they do not.</param>
internal sealed record ReferTo(SipUri Target, SipReplaces? Replaces, IReadOnlyList<(string Name, string Value)> Headers, SipNameAddress? ReferredBy)
{
    private const int MostHeaders = 8;

    /// <summary>Null: the refusal says why.</summary>
    public static ReferTo? Read(SipRequest refer, out SipReply refusal)
    {
        refusal = new SipReply(400);
        // Section 2.4.2: exactly one.
        if (refer.Headers.GetList(SipHeaderNames.ReferTo) is not [var value] || !SipNameAddress.TryParse(value, out var address))
            return Refuse(400, "Bad Refer-To", out refusal);
        if (!TryReadReferredBy(refer, out var referredBy))
            return Refuse(400, "Bad Referred-By", out refusal);
        if (refer.Headers.Contains(SipHeaderNames.ReferSub) && ReferSub.Read(refer) is null)
            return Refuse(400, "Bad Refer-Sub", out refusal);
        var uri = address!.Uri;
        if (!uri.IsSip && !uri.IsTel)
            return Refuse(416, null, out refusal);
        if (uri.Parameters.Get("method") is { } method && !method.Equals(SipMethods.Invite, StringComparison.OrdinalIgnoreCase))
            return Refuse(603, "Only Calls Can Be Asked For", out refusal);
        return ReadHeaders(uri, referredBy, out refusal);
    }

    private static ReferTo? ReadHeaders(SipUri uri, SipNameAddress? referredBy, out SipReply refusal)
    {
        SipReplaces? replaces = null;
        List<(string, string)> headers = [];
        foreach (var header in uri.Headers)
        {
            var (name, value) = (SipEscaping.Unescape(header.Name), SipEscaping.Unescape(header.Value ?? ""));
            if (!SipHeaders.IsValid(name, value))
                return Refuse(400, "Bad Refer-To", out refusal);
            if (name.Equals(SipHeaderNames.Replaces, StringComparison.OrdinalIgnoreCase))
            {
                if (replaces is not null || !SipReplaces.TryParse(value, out replaces))
                    return Refuse(400, "Bad Replaces", out refusal);
            }
            else if (name.Equals(SipHeaderNames.Join, StringComparison.OrdinalIgnoreCase))
            {
                return Refuse(603, "Joining Is Not Supported", out refusal);
            }
            else if (MayBePassedOn(name) && headers.Count < MostHeaders)
            {
                headers.Add((name, value));
            }
        }

        refusal = new SipReply(400);
        return new ReferTo(uri.IsSip ? uri.WithoutHeaders().WithoutParameter("method") : uri, replaces, headers, referredBy);
    }

    /// <summary>RFC 3261 section 19.1.5: what shapes the dialog or speaks in our name is not for others to choose.</summary>
    private static bool MayBePassedOn(string name) =>
        name.StartsWith("X-", StringComparison.OrdinalIgnoreCase)
        || name.Equals(SipHeaderNames.UserToUser, StringComparison.OrdinalIgnoreCase)
        || name.Equals(SipHeaderNames.Subject, StringComparison.OrdinalIgnoreCase);

    private static bool TryReadReferredBy(SipRequest refer, out SipNameAddress? referredBy)
    {
        referredBy = null;
        string[] values = [.. refer.Headers.GetAll(SipHeaderNames.ReferredBy)];
        return values.Length == 0 || (values.Length == 1 && SipNameAddress.TryParse(values[0], out referredBy));
    }

    private static ReferTo? Refuse(int status, string? reason, out SipReply refusal)
    {
        refusal = new SipReply(status, reason);
        return null;
    }
}
