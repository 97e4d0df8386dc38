namespace VoiceGateway.Sip;

/// <summary>What becomes of a new request.</summary>
public sealed class SipAdmission
{
    private static readonly SipAdmission Anybody = new(0) { IsAccepted = true };
    private static readonly SipAdmission Quietly = new(0);

    private SipAdmission(int status) => Status = status;

    /// <summary>Goes to <see cref="SipCall.Peer"/>.</summary>
    public object? Peer { get; private init; }

    /// <summary>What requests of ours within its calls answer challenges with, such as a BYE by way of a PBX that wants a password of everybody.</summary>
    public SipCredentials? Credentials { get; private init; }

    /// <summary>The status of a refusal; 0 for what is accepted or ignored.</summary>
    public int Status { get; }

    /// <summary>The usual phrase when null.</summary>
    public string? Reason { get; private init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; private init; } = [];

    /// <summary>Reported to <see cref="SipEndpointOptions.OnOffence"/>; null when there is nothing to complain of.</summary>
    public SipOffenceKind? Offence { get; private init; }

    /// <summary>Whom the request named, for the report.</summary>
    public string? User { get; private init; }

    public bool IsAccepted { get; private init; }

    /// <summary>The request is served, and its source gets the limits of a known one from now on.</summary>
    public static SipAdmission Accept(object? peer = null, SipCredentials? credentials = null) =>
        peer is null && credentials is null ? Anybody : new SipAdmission(0) { IsAccepted = true, Peer = peer, Credentials = credentials };

    /// <summary>Nothing is answered: who scans learns nothing.</summary>
    public static SipAdmission Ignore(SipOffenceKind? offence = SipOffenceKind.UnknownSource, string? user = null) =>
        offence is null && user is null ? Quietly : new SipAdmission(0) { Offence = offence, User = user };

    /// <exception cref="ArgumentException">The status is not 300 to 699, or a header would not stay on its line.</exception>
    public static SipAdmission Refuse(int status, string? reason = null, params IReadOnlyList<(string Name, string Value)> headers)
    {
        if (status is < 300 or > 699)
            throw new ArgumentOutOfRangeException(nameof(status), status, "A refusal has a status of 300 to 699.");
        ArgumentNullException.ThrowIfNull(headers);
        SipCall.CheckHeaders(headers);
        return new SipAdmission(status) { Reason = reason, Headers = headers };
    }

    /// <summary>401 or 407 with new challenges; reported when the credentials were wrong.</summary>
    public static SipAdmission Challenge(DigestServer server, DigestVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new SipAdmission(server.Status)
        {
            Headers = server.Challenge(verdict),
            Offence = verdict.Outcome == DigestOutcome.BadCredentials ? SipOffenceKind.BadCredentials : null,
            User = verdict.User,
        };
    }

    public override string ToString() => IsAccepted ? $"accepted {Peer}" : Status == 0 ? "ignored" : $"refused {Status}";
}
