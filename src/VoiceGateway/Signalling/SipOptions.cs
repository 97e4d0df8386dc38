using System.ComponentModel.DataAnnotations;
using System.Net;
using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>Section <c>Sip</c>. What a file sets to null is not set.</summary>
public sealed class SipOptions : IValidatableObject
{
    public const string Section = "Sip";

    /// <summary><c>udp:host:port</c>, <c>tcp:host:port</c>, <c>tls:host:port</c>.</summary>
    public string[] Listen { get; set => field = value ?? []; } = [];

    /// <summary>Address in Contact, Via and SDP behind NAT; empty: the interface's own.</summary>
    public string AdvertisedAddress { get; set => field = value ?? ""; } = "";

    /// <summary>Networks on our side of the NAT: peers there are told the interface's own address.</summary>
    public string[] LocalNetworks { get; set => field = value ?? []; } = [];

    /// <summary>What callers who must show a password are shown.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "must be a word")]
    public string Realm { get; set; } = "gateway";

    /// <summary>By which hashes, the first one first (RFC 8760). There are peers that read no other than the first, and know no other than MD5.</summary>
    public string Digests { get; set => field = value ?? ""; } = "SHA-256, MD5";

    public SipTlsSection Tls { get; set => field = value ?? new(); } = new();

    /// <summary>Session timers (RFC 4028): the interval that is asked for; 0: none.</summary>
    [Range(0, 86_400)]
    public int SessionExpiresSeconds { get; set; } = 1800;

    /// <summary>The shortest session interval that is agreed to.</summary>
    [Range(90, 86_400)]
    public int SessionMinSeconds { get; set; } = 90;

    /// <summary>Provisional responses that are acknowledged (100rel, RFC 3262).</summary>
    public SipReliableProvisionals ReliableProvisionals { get; set; } = SipReliableProvisionals.Supported;

    /// <summary><c>address</c> or <c>address:port</c> of the name servers; empty: the system's.</summary>
    public string[] NameServers { get; set => field = value ?? []; } = [];

    public SipLimitSection Limits { get; set => field = value ?? new(); } = new();

    /// <summary>Whose calls are taken and through whom calls are placed, by name.</summary>
    public Dictionary<string, TrunkOptions> Trunks { get; set => field = value ?? []; } = [];

    // An element that a stronger list took away is null.
    public IReadOnlyList<SipListen> Endpoints =>
        Listen.Any(IsGiven) ? [.. Listen.Where(IsGiven).Select(Parse)] : [Parse("udp:0.0.0.0:5060"), Parse("tcp:0.0.0.0:5060")];

    public IReadOnlyList<IPNetwork> OwnNetworks => [.. LocalNetworks.Where(IsGiven).Select(static n => TrunkOptions.TryParseNetwork(n, out var network) ? network : default)];

    public IReadOnlyList<DigestAlgorithm> DigestAlgorithms => [.. Words(Digests).Select(static word => Algorithm(word)!.Value)];

    public IReadOnlyList<IPEndPoint> DnsServers => [.. NameServers.Where(IsGiven).Select(static n => ParseServer(n)!)];

    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        for (var i = 0; i < Listen.Length; i++)
            if (IsGiven(Listen[i]) && !SipListen.TryParse(Listen[i], out _, out var error)) yield return new(error, [$"{nameof(Listen)}:{i}"]);
        if (Words(Digests) is { } digests && (digests.Length == 0 || !digests.All(static word => Algorithm(word) is not null) || digests.Distinct(StringComparer.OrdinalIgnoreCase).Count() < digests.Length))
            yield return new("must be SHA-256, MD5 or both, in the order in which they are offered", [nameof(Digests)]);
        if (AdvertisedAddress.Length > 0 && !IPAddress.TryParse(AdvertisedAddress, out _))
            yield return new("is not an IP address", [nameof(AdvertisedAddress)]);
        for (var i = 0; i < LocalNetworks.Length; i++)
            if (IsGiven(LocalNetworks[i]) && !TrunkOptions.TryParseNetwork(LocalNetworks[i], out _)) yield return new("is no network, such as 192.168.0.0/16", [$"{nameof(LocalNetworks)}:{i}"]);
        for (var i = 0; i < NameServers.Length; i++)
            if (IsGiven(NameServers[i]) && ParseServer(NameServers[i]) is null) yield return new("must be an address, with a port or without", [$"{nameof(NameServers)}:{i}"]);
        if (Tls.CertificateFile.Length == 0 && Array.FindIndex(Listen, static l => l?.StartsWith("tls:", StringComparison.OrdinalIgnoreCase) == true) is >= 0 and var tls)
            yield return new("wants a certificate: set Sip:Tls:CertificateFile", [$"{nameof(Listen)}:{tls}"]);
        foreach (var failure in Annotations(Limits)) yield return new(failure.ErrorMessage, [.. failure.MemberNames.Select(static m => $"{nameof(Limits)}:{m}")]);
        foreach (var (name, trunk) in Trunks)
            foreach (var (key, problem) in (trunk ?? new()).Problems())
                yield return new(problem, [$"{nameof(Trunks)}:{name}:{key}"]);
        // Whoever proves to be a user has the calls of one trunk: there must be one.
        var users = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, trunk) in Trunks)
            if (trunk is { CallerUser: { Length: > 0 } user } && !users.Add(user))
                yield return new("is another trunk's already", [$"{nameof(Trunks)}:{name}:{nameof(TrunkOptions.CallerUser)}"]);
    }

    private static List<ValidationResult> Annotations(object section)
    {
        var failures = new List<ValidationResult>();
        Validator.TryValidateObject(section, new ValidationContext(section), failures, validateAllProperties: true);
        return failures;
    }

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static DigestAlgorithm? Algorithm(string word) => word.ToUpperInvariant() switch
    {
        "SHA-256" => DigestAlgorithm.Sha256,
        "MD5" => DigestAlgorithm.Md5,
        _ => null,
    };

    private static bool IsGiven(string? text) => !string.IsNullOrEmpty(text);

    private static IPEndPoint? ParseServer(string text) =>
        IPAddress.TryParse(text, out var address) ? new IPEndPoint(address, 53) : IPEndPoint.TryParse(text, out var server) && server.Port != 0 ? server : null;

    private static SipListen Parse(string listen) =>
        SipListen.TryParse(listen, out var parsed, out var error) ? parsed : throw new FormatException(error);
}
