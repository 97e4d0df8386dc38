using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>
/// <c>a=crypto</c> (RFC 4568 section 4): a suite and the keys that the author of the description sends under. Shows its keys on
/// the wire only, in <see cref="ToSdp"/>.
/// </summary>
public sealed class SdpCrypto
{
    private const int MostKeys = 8;

    /// <summary>By which an answer refers to its offer.</summary>
    public required uint Tag { get; init; }

    /// <summary>As written; <see cref="SdesSuites.NameOf"/> knows it.</summary>
    public required string Suite { get; init; }

    public required IReadOnlyList<SdpCryptoKey> Keys { get; init; }

    public IReadOnlyList<string> SessionParameters { get; init; } = [];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Tag} {Suite}");

    internal string ToSdp()
    {
        var parameters = string.Concat(SessionParameters.Select(static parameter => $" {parameter}"));
        return string.Create(CultureInfo.InvariantCulture, $"{Tag} {Suite} {string.Join(';', Keys.Select(static key => key.ToSdp()))}{parameters}");
    }

    /// <summary>Reads the attribute's value; null when it is malformed.</summary>
    internal static SdpCrypto? Parse(string value)
    {
        if (value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var number, var suite, var keys, .. var parameters])
            return null;
        if (!SipGrammar.TryParseNumber(number, 999_999_999, out var tag) || !SipGrammar.IsToken(suite))
            return null;
        var fields = keys.Split(';', MostKeys + 1);
        if (fields.Length > MostKeys)
            return null;
        var read = new List<SdpCryptoKey>(fields.Length);
        foreach (var field in fields)
        {
            if (SdpCryptoKey.Parse(field) is not { } key)
                return null;
            read.Add(key);
        }

        return new SdpCrypto { Tag = tag, Suite = suite, Keys = read, SessionParameters = parameters };
    }
}
