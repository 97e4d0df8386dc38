using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>A nonce that a peer gave us, and how often we have used it.</summary>
internal sealed class DigestSession
{
    private readonly AuthenticationFields _challenge;
    private readonly DigestAlgorithm _algorithm;
    private readonly string? _qop;
    private readonly string _clientNonce = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private uint _count;

    private DigestSession(AuthenticationFields challenge, DigestAlgorithm algorithm, string? qop, bool isProxy)
    {
        _challenge = challenge;
        _algorithm = algorithm;
        _qop = qop;
        IsProxy = isProxy;
    }

    public bool IsProxy { get; }

    public string Realm => _challenge["realm"]!;

    public string Nonce => _challenge["nonce"]!;

    /// <summary>How good the hash is.</summary>
    public DigestAlgorithm Algorithm => _algorithm;

    /// <summary>How many nonces before this one were refused at their first use, one after another.</summary>
    public int Refusals { get; set; }

    /// <summary>Null for an algorithm or a quality of protection that we do not have.</summary>
    public static DigestSession? Of(AuthenticationFields challenge, bool isProxy) =>
        DigestHash.Find(challenge["algorithm"]) is { } algorithm && TryChooseQop(challenge["qop"], out var qop)
            ? new DigestSession(challenge, algorithm, qop, isProxy)
            : null;

    /// <summary>The value of Authorization or Proxy-Authorization for this request; counts as one more use.</summary>
    public string Authorize(SipCredentials credentials, SipRequest request)
    {
        var uri = request.RequestUri.ToString();
        DigestUse? use = _qop is null ? null : new DigestUse(_qop, (++_count).ToString("x8", CultureInfo.InvariantCulture), _clientNonce);
        var response = DigestHash.Response(_algorithm, credentials, Realm, Nonce, use, request.Method, uri, request.Body.Span);
        var text = new StringBuilder("Digest username=").Append(SipGrammar.Quote(credentials.User))
            .Append(", realm=").Append(SipGrammar.Quote(Realm))
            .Append(", nonce=").Append(SipGrammar.Quote(Nonce))
            .Append(", uri=").Append(SipGrammar.Quote(uri))
            .Append(", response=\"").Append(response).Append('"');
        if (_challenge["algorithm"] is not null)
            text.Append(", algorithm=").Append(DigestHash.Name(_algorithm));
        if (_challenge["opaque"] is { } opaque)
            text.Append(", opaque=").Append(SipGrammar.Quote(opaque));
        if (use is { } u)
            text.Append(", qop=").Append(u.Qop).Append(", nc=").Append(u.NonceCount).Append(", cnonce=\"").Append(u.ClientNonce).Append('"');
        return text.ToString();
    }

    /// <summary>auth where it is offered; auth-int where only that is; none where the peer knows only RFC 2069.</summary>
    private static bool TryChooseQop(string? offered, out string? qop)
    {
        qop = null;
        if (offered is null)
            return true;
        var options = offered.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (options.Contains(DigestUse.Auth, StringComparer.OrdinalIgnoreCase))
            qop = DigestUse.Auth;
        else if (options.Contains(DigestUse.AuthInt, StringComparer.OrdinalIgnoreCase))
            qop = DigestUse.AuthInt;
        return qop is not null;
    }
}
