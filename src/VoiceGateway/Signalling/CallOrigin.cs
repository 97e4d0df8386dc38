using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>Where a call comes from and for whom it was meant, as far as its INVITE says and its sender may be believed. Read once.</summary>
public sealed record CallOrigin
{
    /// <summary>Who was dialled, see <see cref="DialledNumber"/>.</summary>
    public string Called { get; init; } = "";

    /// <summary>The caller's number: asserted, else as signalled; empty when withheld.</summary>
    public string Caller { get; init; } = "";

    /// <summary>The name that belongs to it; null: none, or withheld.</summary>
    public string? CallerName { get; init; }

    /// <summary>The number that a trusted side vouches for (P-Asserted-Identity, RFC 3325, else Remote-Party-ID); null: none does.</summary>
    public string? AssertedNumber { get; init; }

    /// <summary>The caller wants to stay unknown (Privacy, RFC 3323).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Who was dialled first and sent the call on; null: nobody did.</summary>
    public string? DivertedFrom { get; init; }

    /// <summary>Why, in the words of RFC 5806: <c>user-busy</c>, <c>no-answer</c>, <c>unconditional</c>, …; null: not said.</summary>
    public string? DivertedBecause { get; init; }

    /// <summary>Name of the trunk; empty: none.</summary>
    public string Trunk { get; init; } = "";

    /// <summary>What of the INVITE's headers routes and tools may see, see <see cref="CallHeaders"/>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = CallHeaders.None;

    /// <param name="invite">As it arrived.</param>
    /// <param name="trunk">Whom it came by; null: a trunk of nobody's.</param>
    public static CallOrigin Read(SipRequest invite, Trunk? trunk) => Read(invite, trunk?.Name ?? "", trunk?.Options.TrustIdentity ?? false);

    /// <param name="invite">As it arrived.</param>
    /// <param name="trunk">Whom it came by.</param>
    /// <param name="isTrusted">Whether its word for who calls is believed. P-Preferred-Identity is not: it is a wish (RFC 3325 section 9.2).</param>
    internal static CallOrigin Read(SipRequest invite, string trunk, bool isTrusted)
    {
        var asserted = isTrusted ? AssertedIdentity.Read(invite) : null;
        var shown = asserted?.Address ?? invite.From;
        var isPrivate = AssertedIdentity.WantsPrivacy(invite) || asserted is { IsPrivate: true };
        var (divertedFrom, because) = Redirection.Read(invite);
        return new CallOrigin
        {
            Called = DialledNumber.Of(invite.RequestUri),
            Caller = isPrivate ? "" : DialledNumber.Of(shown.Uri),
            CallerName = isPrivate ? null : shown.DisplayName ?? invite.From.DisplayName,
            AssertedNumber = isPrivate || asserted is null ? null : DialledNumber.Of(asserted.Address.Uri),
            IsPrivate = isPrivate,
            DivertedFrom = divertedFrom,
            DivertedBecause = because,
            Trunk = trunk,
            Headers = CallHeaders.Read(invite, isTrusted, isPrivate),
        };
    }
}
