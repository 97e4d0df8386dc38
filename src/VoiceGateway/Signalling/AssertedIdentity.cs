using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>Who calls, by the word of a side that is trusted.</summary>
/// <param name="Address">Name and number.</param>
/// <param name="IsPrivate">That side knows, and the caller does not want it told.</param>
internal sealed record AssertedIdentity(SipNameAddress Address, bool IsPrivate)
{
    /// <summary>P-Asserted-Identity, its telephone number first (RFC 3325 section 9.1 allows a SIP and a tel URI); else Remote-Party-ID of the calling party.</summary>
    public static AssertedIdentity? Read(SipRequest invite) =>
        Best(Addresses(invite, SipHeaderNames.PAssertedIdentity)) is { } asserted ? new(asserted, false)
        : Best(Addresses(invite, SipHeaderNames.RemotePartyId).Where(IsCallingParty)) is { } remote ? new(remote, IsWithheld(remote))
        : null;

    /// <summary>
    /// RFC 3323 section 4.2 and RFC 3325 section 9.3: <c>id</c>, <c>user</c> and <c>header</c> want who calls kept to whoever must know;
    /// <c>none</c> and <c>critical</c> alone do not.
    /// </summary>
    public static bool WantsPrivacy(SipRequest invite) => Asks(invite, static p => p is "id" or "user" or "header" or "full");

    /// <summary>Whether a value of Privacy, in lower case, is among those that count.</summary>
    public static bool Asks(SipRequest invite, Func<string, bool> counts) =>
        invite.Headers.GetAll(SipHeaderNames.Privacy).SelectMany(static v => v.Split([';', ','], StringSplitOptions.TrimEntries)).Any(v => counts(v.ToLowerInvariant()));

    private static IEnumerable<SipNameAddress> Addresses(SipRequest invite, string header)
    {
        foreach (var value in invite.Headers.GetList(header))
            if (SipNameAddress.TryParse(value, out var address) && (address!.Uri.IsSip || address.Uri.IsTel)) yield return address;
    }

    private static SipNameAddress? Best(IEnumerable<SipNameAddress> addresses)
    {
        SipNameAddress[] all = [.. addresses.Take(4)];
        // The name often stands beside the SIP URI, the number in the tel URI.
        var best = all.FirstOrDefault(static a => a.Uri.IsTel) ?? all.FirstOrDefault(static a => a.Uri.TelephoneNumber is not null) ?? all.FirstOrDefault();
        return best is { DisplayName: null } && all.FirstOrDefault(static a => a.DisplayName is not null) is { } named ? new SipNameAddress(best.Uri, named.DisplayName) : best;
    }

    private static bool IsCallingParty(SipNameAddress remote) => remote.Parameters.Get("party") is not { } party || party.Equals("calling", StringComparison.OrdinalIgnoreCase);

    private static bool IsWithheld(SipNameAddress remote) => remote.Parameters.GetUnquoted("privacy")?.ToLowerInvariant() is "full" or "name" or "uri";
}
