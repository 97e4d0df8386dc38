namespace VoiceGateway.Rtp;

/// <summary>Master key and salt of one direction. Never shows them.</summary>
public sealed class SrtpMasterKey : IEquatable<SrtpMasterKey>
{
    private const int LongestMki = 128;

    private readonly byte[] _keyAndSalt;
    private readonly byte[] _mki;

    /// <param name="suite">What the key is for.</param>
    /// <param name="keyAndSalt">One after the other, as SDP has them (RFC 4568 6.1).</param>
    /// <param name="mki">Master key identifier that stands in every packet under this key (RFC 3711 3.1); empty: none.</param>
    /// <exception cref="ArgumentException">The suite has keys of another length, or the identifier is longer than 128 bytes.</exception>
    public SrtpMasterKey(SrtpSuite suite, ReadOnlySpan<byte> keyAndSalt, ReadOnlySpan<byte> mki = default)
    {
        ArgumentNullException.ThrowIfNull(suite);
        if (keyAndSalt.Length != suite.MasterLength)
            throw new ArgumentException($"Key and salt of {suite} have {suite.MasterLength} bytes.", nameof(keyAndSalt));
        if (mki.Length > LongestMki)
            throw new ArgumentException($"A master key identifier has at most {LongestMki} bytes.", nameof(mki));
        Suite = suite;
        _keyAndSalt = keyAndSalt.ToArray();
        _mki = mki.ToArray();
    }

    public SrtpSuite Suite { get; }

    internal ReadOnlySpan<byte> Key => _keyAndSalt.AsSpan(0, Suite.KeyLength);

    internal ReadOnlySpan<byte> Salt => _keyAndSalt.AsSpan(Suite.KeyLength);

    internal ReadOnlySpan<byte> Mki => _mki;

    public bool Equals(SrtpMasterKey? other) =>
        other is not null && Suite == other.Suite && _keyAndSalt.AsSpan().SequenceEqual(other._keyAndSalt) && Mki.SequenceEqual(other.Mki);

    public override bool Equals(object? obj) => Equals(obj as SrtpMasterKey);

    public override int GetHashCode() => BitConverter.ToInt32(_keyAndSalt);

    public override string ToString() => $"{Suite} key";
}
