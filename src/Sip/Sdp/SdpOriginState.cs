using System.Globalization;
using System.Security.Cryptography;

namespace VoiceGateway.Sip;

/// <summary>
/// The o= line of one dialog: it stays the same throughout, but for its version, which grows by one when the description differs from
/// the one before and only then (RFC 3264 section 8). And the keys for SRTP that stand in its descriptions. Belongs to one dialog and is
/// used by one thread at a time.
/// </summary>
public sealed class SdpOriginState
{
    private readonly Dictionary<string, SdpCryptoKey> _keys = [];
    private SdpOrigin? _origin;
    private string _body = "";
    private long _version = 1;

    /// <summary>Positive and below 2^31, which even peers that read 32 bits can hold.</summary>
    public string SessionId { get; init; } = RandomNumberGenerator.GetInt32(1, int.MaxValue).ToString(CultureInfo.InvariantCulture);

    /// <summary>The description sent last, whose m-lines and payload types a new offer must keep; null before the first.</summary>
    public SessionDescription? Last { get; private set; }

    /// <summary>Our key for a suite: the same for the whole dialog, and nobody else's (RFC 4568 section 7.1.1).</summary>
    internal SdpCryptoKey KeyFor(string suite)
    {
        if (!_keys.TryGetValue(suite, out var key))
            _keys[suite] = key = new SdpCryptoKey { KeyAndSalt = RandomNumberGenerator.GetBytes(SdesSuites.MasterLength(suite)) };
        return key;
    }

    internal SessionDescription Stamp(SessionDescription description, SdpConnection address)
    {
        var body = description.WithoutOrigin();
        if (_origin is null)
            _origin = new SdpOrigin("-", SessionId, Version(), address.AddressType, address.Host);
        else if (body != _body)
            _origin = _origin with { SessionVersion = Version() };
        _body = body;
        return Last = description.WithOrigin(_origin);
    }

    private string Version() => _version++.ToString(CultureInfo.InvariantCulture);
}
