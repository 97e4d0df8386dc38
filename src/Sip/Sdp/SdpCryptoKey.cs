using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>A master key as SDP carries it (RFC 4568 section 6.1). Shows itself on the wire only.</summary>
public sealed class SdpCryptoKey
{
    private const string Inline = "inline:";
    private const int LongestMki = 128;

    /// <summary>Master key and master salt, one after the other.</summary>
    public required byte[] KeyAndSalt { get; init; }

    /// <summary>How many packets the key is good for at most; null: as many as the suite allows.</summary>
    public ulong? Lifetime { get; init; }

    /// <summary>The master key identifier that stands in every packet under this key; empty: none does.</summary>
    public byte[] Mki { get; init; } = [];

    public override string ToString() => Mki.Length == 0 ? "a key" : $"a key with an identifier of {Mki.Length} bytes";

    internal string ToSdp()
    {
        var lifetime = Lifetime is { } packets ? string.Create(CultureInfo.InvariantCulture, $"|{packets}") : "";
        var mki = Mki.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"|{MkiValue()}:{Mki.Length}") : "";
        return $"{Inline}{Convert.ToBase64String(KeyAndSalt)}{lifetime}{mki}";
    }

    /// <summary>Reads <c>inline:KEY[|LIFETIME][|MKI:LENGTH]</c>; null when it is malformed.</summary>
    internal static SdpCryptoKey? Parse(string value)
    {
        if (!value.StartsWith(Inline, StringComparison.OrdinalIgnoreCase))
            return null;
        var fields = value[Inline.Length..].Split('|');
        if (fields.Length > 3 || FromBase64(fields[0]) is not { Length: > 0 } key)
            return null;
        ulong? lifetime = null;
        byte[] mki = [];
        for (var i = 1; i < fields.Length; i++)
        {
            // The lifetime comes first, and each may be left out.
            if (fields[i].Contains(':'))
            {
                if (i != fields.Length - 1 || ParseMki(fields[i]) is not { } identifier)
                    return null;
                mki = identifier;
            }
            else if (i != 1 || ParseLifetime(fields[i]) is not { } packets)
            {
                return null;
            }
            else
            {
                lifetime = packets;
            }
        }

        return new SdpCryptoKey { KeyAndSalt = key, Lifetime = lifetime, Mki = mki };
    }

    // There are senders that leave out the padding.
    private static byte[]? FromBase64(string text)
    {
        var padded = (text.Length % 4) switch { 2 => text + "==", 3 => text + "=", _ => text };
        var bytes = new byte[padded.Length / 4 * 3];
        return Convert.TryFromBase64String(padded, bytes, out var length) ? bytes[..length] : null;
    }

    private static ulong? ParseLifetime(string text)
    {
        // RFC 3711 section 9.2: no key is good for more than 2^48 packets.
        const ulong Most = 1UL << 48;
        if (text.StartsWith("2^", StringComparison.Ordinal))
            return byte.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var power) && power <= 48 ? 1UL << power : null;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var packets) && packets is > 0 and <= Most ? packets : null;
    }

    private static byte[]? ParseMki(string text)
    {
        var colon = text.IndexOf(':');
        if (!ulong.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || !byte.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length is 0 or > LongestMki)
        {
            return null;
        }

        // In network order, filled up with zeros in front.
        var mki = new byte[length];
        for (var i = length - 1; i >= 0; i--, value >>= 8)
            mki[i] = (byte)value;
        return value == 0 ? mki : null;
    }

    private ulong MkiValue()
    {
        var value = 0UL;
        foreach (var octet in Mki)
            value = (value << 8) | octet;
        return value;
    }
}
