using System.Net;
using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>
/// <c>Sip:Trunks:NAME</c>: somebody whose calls are taken, or through whom calls are placed: a provider, a PBX, a telephone.
/// Whom no trunk covers gets no answer.
/// </summary>
public sealed class TrunkOptions
{
    private const int LongestRegistration = 86_400;

    /// <summary>Where its calls come from: addresses and networks (<c>203.0.113.7</c>, <c>203.0.113.0/24</c>, <c>2001:db8::/48</c>).</summary>
    public string[] Addresses { get; set => field = value ?? []; } = [];

    /// <summary>Its calls must answer a digest challenge with this user name, and come from <see cref="Addresses"/> if there are any.</summary>
    public string CallerUser { get; set => field = value ?? ""; } = "";

    /// <summary>A secret; better in <see cref="CallerPasswordFile"/>.</summary>
    public string CallerPassword { get; set => field = value ?? ""; } = "";

    public string CallerPasswordFile { get; set => field = value ?? ""; } = "";

    /// <summary>The SIP URI of the PBX or provider, for calls out, registration and probes: <c>sip:pbx.example.com;transport=tls</c>.</summary>
    public string Server { get; set => field = value ?? ""; } = "";

    /// <summary>Who we are there, when it challenges us; also the user part under which we register.</summary>
    public string User { get; set => field = value ?? ""; } = "";

    /// <summary>A secret; better in <see cref="PasswordFile"/>.</summary>
    public string Password { get; set => field = value ?? ""; } = "";

    public string PasswordFile { get; set => field = value ?? ""; } = "";

    /// <summary>The only realm that gets an answer to its challenge; empty: the first that takes it. Whoever may choose the realm could collect answers.</summary>
    public string AuthRealm { get; set => field = value ?? ""; } = "";

    /// <summary>What callees see, unless the call says otherwise: a number, or a SIP URI.</summary>
    public string CallerId { get; set => field = value ?? ""; } = "";

    /// <summary>Whether to register there (REGISTER), so that it sends its calls here.</summary>
    public bool Register { get; set; }

    /// <summary>What the registration asks for; the registrar has the last word.</summary>
    public int RegisterSeconds { get; set; } = 600;

    /// <summary>How often OPTIONS asks whether it is there; 0: never.</summary>
    public int ProbeSeconds { get; set; }

    /// <summary>Its calls at once, both directions; 0: no limit but the gateway's.</summary>
    public int MaxCalls { get; set; }

    /// <summary>Whether its word for who calls is believed (P-Asserted-Identity, RFC 3325).</summary>
    public bool TrustIdentity { get; set; } = true;

    /// <summary>
    /// Whether its calls are encrypted, by keys in SDP (RFC 4568). Optional: as the peer offers; our own offers carry keys over TLS only.
    /// Required also where the signalling is open: who asks for it shall have it.
    /// </summary>
    public SrtpPolicy Srtp { get; set; } = SrtpPolicy.Optional;

    /// <summary>The crypto suites that may be agreed on, by their names in SDP, in the order of our offers; empty: all.</summary>
    public string[] SrtpSuites { get; set => field = value ?? []; } = [];

    /// <summary>Of <see cref="SrtpSuites"/>, or all.</summary>
    internal IReadOnlyList<string> Suites => SrtpSuites.Any(static s => !string.IsNullOrEmpty(s))
        ? [.. SrtpSuites.Where(static s => !string.IsNullOrEmpty(s)).Select(static s => SdesSuites.NameOf(s) ?? throw new FormatException(s))]
        : SdesSuites.All;

    /// <summary>Complaints, each with the key that it is about.</summary>
    internal IEnumerable<(string Key, string Problem)> Problems()
    {
        for (var i = 0; i < Addresses.Length; i++)
            if (!string.IsNullOrEmpty(Addresses[i]) && !TryParseNetwork(Addresses[i], out _))
                yield return ($"{nameof(Addresses)}:{i}", "must be an address or a network, such as 203.0.113.7 or 203.0.113.0/24");
        for (var i = 0; i < SrtpSuites.Length; i++)
            if (!string.IsNullOrEmpty(SrtpSuites[i]) && SdesSuites.NameOf(SrtpSuites[i]) is null)
                yield return ($"{nameof(SrtpSuites)}:{i}", $"must be one of {string.Join(", ", SdesSuites.All)}");
        if (!Enum.IsDefined(Srtp)) yield return (nameof(Srtp), "must be Never, Optional or Required");
        if (CallerUser.Length == 0 != (CallerPassword.Length == 0 && CallerPasswordFile.Length == 0))
            yield return (nameof(CallerUser), $"wants {nameof(CallerPassword)} or {nameof(CallerPasswordFile)} beside it, and they want it");
        if (CallerPassword.Length > 0 && CallerPasswordFile.Length > 0) yield return (nameof(CallerPasswordFile), $"is there beside {nameof(CallerPassword)}: give one of them");
        if (Password.Length > 0 && PasswordFile.Length > 0) yield return (nameof(PasswordFile), $"is there beside {nameof(Password)}: give one of them");
        if (User.Length == 0 && (Password.Length > 0 || PasswordFile.Length > 0)) yield return (nameof(User), "must say whose password that is");
        if (AuthRealm.Length > 0 && Password.Length == 0 && PasswordFile.Length == 0) yield return (nameof(AuthRealm), $"wants {nameof(User)} and a password beside it");
        if (Server.Length > 0 && !(SipUri.TryParse(Server, out var uri) && uri is { IsSip: true, Password: null, User: null, Headers.Count: 0 }))
            yield return (nameof(Server), "must be a SIP URI without a user, such as sip:pbx.example.com;transport=tcp");
        if (Server.Length == 0 && (Register || ProbeSeconds > 0)) yield return (nameof(Server), "must say where to register or whom to probe");
        if (Register && User.Length == 0) yield return (nameof(User), "must say who registers");
        if (RegisterSeconds is < 30 or > LongestRegistration) yield return (nameof(RegisterSeconds), $"must be between 30 and {LongestRegistration}");
        if (ProbeSeconds is < 0 or > 3600) yield return (nameof(ProbeSeconds), "must be between 0 and 3600");
        if (MaxCalls < 0) yield return (nameof(MaxCalls), "must not be negative");
        if (Server.Length == 0 && CallerUser.Length == 0 && Addresses.All(string.IsNullOrEmpty))
            yield return (nameof(Addresses), $"nobody can call through this trunk and nothing can be called: give {nameof(Addresses)}, {nameof(CallerUser)} or {nameof(Server)}");
    }

    internal static bool TryParseNetwork(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address) && !text.Contains('/'))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }
        return IPNetwork.TryParse(text, out network);
    }
}
