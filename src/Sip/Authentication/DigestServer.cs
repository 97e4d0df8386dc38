using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>
/// Checks digest credentials (RFC 3261 section 22.4, RFC 7616, RFC 8760) and makes challenges. A challenge costs no memory; a wrong
/// password and an unknown user take the same way and get the same answer. Thread-safe.
/// </summary>
public sealed class DigestServer
{
    private readonly Func<string, string?> _findPassword;
    private readonly DigestServerOptions _options;
    private readonly ServerNonces _nonces;
    private readonly NonceUses _uses;
    private readonly string _opaque = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly string _nobodysPassword = RandomNumberGenerator.GetHexString(32);

    /// <param name="realm">Shown to peers, who choose their password by it.</param>
    /// <param name="findPassword">The password of a user, or null for an unknown one. Must take the same time for both: a look-up in memory.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The realm cannot be written, or an option is out of range.</exception>
    public DigestServer(string realm, Func<string, string?> findPassword, DigestServerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(realm);
        ArgumentNullException.ThrowIfNull(findPassword);
        _options = options ?? new DigestServerOptions();
        if (!SipGrammar.IsHeaderValue(realm))
            throw new ArgumentException("A realm is one line of text.", nameof(realm));
        if (_options.Algorithms.Count == 0 || _options.NonceLifetime <= TimeSpan.Zero || _options.MaxNonces < 1)
            throw new ArgumentException("A digest server needs an algorithm, and nonces that live.", nameof(options));
        Realm = realm;
        _findPassword = findPassword;
        _nonces = new ServerNonces(_options.TimeProvider, _options.NonceLifetime);
        _uses = new NonceUses(_options.TimeProvider, _options.NonceLifetime, _options.MaxNonces);
    }

    public string Realm { get; }

    /// <summary>401, or 407 for a proxy: the status that goes with <see cref="Challenge"/>.</summary>
    public int Status => _options.IsProxy ? 407 : 401;

    /// <summary>
    /// What the request's credentials are worth. Not for ACK and CANCEL, which repeat or lack those of their INVITE and cannot be
    /// challenged (RFC 3261 section 22.1). Each request counts: ask once for each.
    /// </summary>
    public DigestVerdict Check(SipRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var all = AuthenticationFields.ReadDigests(request.Headers, _options.IsProxy ? SipHeaderNames.ProxyAuthorization : SipHeaderNames.Authorization);
        // Several for one realm: the first is taken. To try them all would let one request guess many passwords.
        return all.Find(fields => fields["realm"] == Realm) is { } credentials
            ? new DigestVerdict(Check(request, credentials), credentials["username"])
            : new DigestVerdict(DigestOutcome.NoCredentials, null);
    }

    /// <summary>The headers of the refusal: one challenge an algorithm, all for the same new nonce.</summary>
    /// <param name="verdict">Tells a peer with the right password that only its nonce was wrong.</param>
    public IReadOnlyList<(string Name, string Value)> Challenge(DigestVerdict verdict)
    {
        var name = _options.IsProxy ? SipHeaderNames.ProxyAuthenticate : SipHeaderNames.WwwAuthenticate;
        var nonce = _nonces.Create();
        return [.. _options.Algorithms.Select(algorithm => (name, Format(algorithm, nonce, verdict.IsStale)))];
    }

    public override string ToString() => $"digest {Realm} ({string.Join(", ", _options.Algorithms.Select(DigestHash.Name))})";

    private string Format(DigestAlgorithm algorithm, string nonce, bool isStale) =>
        new StringBuilder("Digest realm=").Append(SipGrammar.Quote(Realm))
            .Append(", nonce=\"").Append(nonce)
            .Append("\", opaque=\"").Append(_opaque)
            .Append("\", algorithm=").Append(DigestHash.Name(algorithm))
            .Append(", qop=\"auth\"")
            .Append(isStale ? ", stale=true" : "")
            .ToString();

    private DigestOutcome Check(SipRequest request, AuthenticationFields credentials)
    {
        if (credentials["username"] is not { } user || credentials["uri"] is not { } uri || credentials["response"] is not { } response
            || DigestHash.Find(credentials["algorithm"]) is not { } algorithm || !_options.Algorithms.Contains(algorithm)
            || !TryReadUse(credentials, out var use, out uint count))
        {
            return DigestOutcome.BadCredentials;
        }

        // The digest's own uri is hashed: a proxy may have changed the Request-URI on the way (RFC 3261 section 22.4 item 5).
        var password = _findPassword(user);
        var who = new SipCredentials(user, password ?? _nobodysPassword);
        var expected = DigestHash.Response(algorithm, who, Realm, credentials["nonce"]!, use, request.Method, uri, request.Body.Span);
        bool isRight = AreEqual(expected, response) & password is not null;
        bool isFresh = _nonces.IsFresh(credentials["nonce"]!, out long issuedAt);
        if (!isRight)
            return DigestOutcome.BadCredentials;
        return isFresh ? _uses.TryUse(credentials["nonce"]!, issuedAt, count) : DigestOutcome.Stale;
    }

    /// <summary>False when qop, nc and cnonce do not belong together; without qop it is a client of RFC 2069.</summary>
    private static bool TryReadUse(AuthenticationFields credentials, out DigestUse? use, out uint count)
    {
        use = null;
        count = 0;
        if (credentials["qop"] is not { } qop)
            return true;
        if (!qop.Equals(DigestUse.Auth, StringComparison.OrdinalIgnoreCase) || credentials["cnonce"] is not { Length: > 0 } clientNonce
            || credentials["nc"] is not { Length: <= 8 } text
            || !uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out count) || count == 0)
        {
            return false;
        }

        use = new DigestUse(qop, text, clientNonce);
        return true;
    }

    /// <summary>In a time that does not tell how much of it was right.</summary>
    private static bool AreEqual(string expected, string response) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(response.ToLowerInvariant()));
}
