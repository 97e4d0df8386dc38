namespace VoiceGateway.Sip;

/// <summary>User and password for digest authentication (RFC 3261 section 22). Printed without the password, so that it reaches no log.</summary>
public sealed record SipCredentials(string User, string Password)
{
    /// <summary>
    /// The only realm that is answered. Null: that of the registrar or, without one, the first that takes them; it is remembered for as long as
    /// this object is used. A peer that may choose its realm could collect answers meant for another.
    /// </summary>
    public string? Realm { get; init; }

    public override string ToString() => Realm is null ? User : $"{User} at {Realm}";
}
