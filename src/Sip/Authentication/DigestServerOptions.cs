namespace VoiceGateway.Sip;

/// <summary>Options of a <see cref="DigestServer"/>.</summary>
public sealed record DigestServerOptions
{
    /// <summary>Challenges in this order, the preferred first (RFC 8760 section 2.3). Some peers read only the first, or only MD5.</summary>
    public IReadOnlyList<DigestAlgorithm> Algorithms { get; init; } = [DigestAlgorithm.Sha256, DigestAlgorithm.Md5];

    /// <summary>How long a nonce is good for.</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Nonces whose use is remembered; only the right password makes an entry. When it is full, old nonces become stale early.</summary>
    public int MaxNonces { get; init; } = 10_000;

    /// <summary>407 and Proxy-Authenticate instead of 401 and WWW-Authenticate.</summary>
    public bool IsProxy { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
