namespace VoiceGateway.Sip;

/// <summary>One registration with a PBX or trunk (RFC 3261 section 10.2); checked by <see cref="SipEndpoint.Register"/>.</summary>
public sealed record SipRegistrationOptions
{
    /// <summary>The registrar's domain, without a user: <c>sip:pbx.example.com</c>.</summary>
    public required SipUri Registrar { get; init; }

    /// <summary>Whose calls we want: <c>sip:4711@pbx.example.com</c>.</summary>
    public required SipUri AddressOfRecord { get; init; }

    /// <summary>Null: the registrar is content with our address.</summary>
    public SipCredentials? Credentials { get; init; }

    /// <summary>The user part of our Contact; null: that of the address of record.</summary>
    public string? ContactUser { get; init; }

    /// <summary>The binding's life that we ask for. The registrar decides; a 423 raises it.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A proxy to send through: the REGISTER and the calls.</summary>
    public SipUri? Proxy { get; init; }

    /// <summary>The preference of this Contact among others of the address of record, 0 to 1; null: none given.</summary>
    public double? Q { get; init; }

    /// <summary>Further headers of the REGISTER.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Each failure doubles it, and half to all of that is the pause (RFC 5626 section 4.5): 30 to 60 s after the first one.</summary>
    public TimeSpan RetryBase { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause, which a refusal gets at once.</summary>
    public TimeSpan RetryMost { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How often the way to the registrar is used, so that NAT and firewalls leave it open (RFC 5626 section 3.5); each pause is 80 to
    /// 100 % of it. Null: not at all.
    /// </summary>
    public TimeSpan? KeepAlive { get; init; } = TimeSpan.FromSeconds(29);

    /// <summary>How long disposing waits for the registrar to let go.</summary>
    public TimeSpan UnregisterLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Told of every change; called in the registration's mailbox, and must not block.</summary>
    public Action<SipRegistrationStatus>? OnChanged { get; init; }

    internal void Check()
    {
        Require(Registrar.IsSip && Registrar.User is null, nameof(Registrar), "must be a sip or sips URI without a user");
        Require(AddressOfRecord.IsSip, nameof(AddressOfRecord), "must be a sip or sips URI");
        Require(Proxy is null || Proxy.IsSip, nameof(Proxy), "must be a sip or sips URI");
        Require(Expires >= TimeSpan.FromSeconds(1) && Expires <= RegistrationBinding.Longest, nameof(Expires), "must be 1 s to 24 days");
        Require(Q is null or (>= 0 and <= 1), nameof(Q), "must be 0 to 1");
        Require(RetryBase > TimeSpan.Zero && RetryMost >= RetryBase, nameof(RetryBase), "must be positive and no more than RetryMost");
        Require(RetryMost <= RegistrationBinding.Longest, nameof(RetryMost), "must be 24 days at most");
        Require(KeepAlive is null || KeepAlive >= TimeSpan.FromSeconds(1), nameof(KeepAlive), "must be 1 s at least");
        Require(UnregisterLimit >= TimeSpan.Zero, nameof(UnregisterLimit), "must not be negative");
        SipCall.CheckHeaders(Headers);
    }

    private static void Require(bool isMet, string option, string rule)
    {
        if (!isMet)
            throw new ArgumentException($"{nameof(SipRegistrationOptions)}.{option} {rule}.", option);
    }
}
