using System.Globalization;
using System.Security.Cryptography;

namespace VoiceGateway.Sip;

/// <summary>
/// The o= line of one dialog: it stays the same throughout, but for its version, which grows by one when the description differs from
/// the one before and only then (RFC 3264 section 8). Belongs to one dialog and is used by one thread at a time.
/// </summary>
public sealed class SdpOriginState
{
    private SdpOrigin? _origin;
    private string _body = "";
    private long _version = 1;

    /// <summary>Positive and below 2^31, which even peers that read 32 bits can hold.</summary>
    public string SessionId { get; init; } = RandomNumberGenerator.GetInt32(1, int.MaxValue).ToString(CultureInfo.InvariantCulture);

    /// <summary>The description sent last, whose m-lines and payload types a new offer must keep; null before the first.</summary>
    public SessionDescription? Last { get; private set; }

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
