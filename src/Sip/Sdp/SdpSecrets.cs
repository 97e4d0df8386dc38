namespace VoiceGateway.Sip;

/// <summary>Leaves keys out of a description that is to be shown: SDES (RFC 4568), MIKEY (RFC 4567) and k= (RFC 4566 section 5.12).</summary>
internal static class SdpSecrets
{
    private const string LineEnd = "\r\n";
    private const string Crypto = "a=crypto:";
    private const string NotShown = "(not shown)";

    private static readonly string[] Others = ["a=key-mgmt:", "k="];

    /// <param name="sdp">As on the wire: what a line holds cannot end it.</param>
    public static string Hide(string sdp)
    {
        // Lines end in nothing else here; that which is a line's end only in Unicode stands within one.
        var lines = sdp.Split(LineEnd);
        for (var i = 0; i < lines.Length; i++)
            lines[i] = HideIn(lines[i]);
        return string.Join(LineEnd, lines);
    }

    private static string HideIn(string line)
    {
        // What cannot be read may hold a key anywhere.
        if (line.StartsWith(Crypto, StringComparison.OrdinalIgnoreCase))
            return SdpCrypto.Parse(line[Crypto.Length..]) is { } crypto ? $"{Crypto}{crypto} {NotShown}" : Crypto + NotShown;
        foreach (var other in Others)
        {
            if (line.StartsWith(other, StringComparison.OrdinalIgnoreCase))
                return other + NotShown;
        }

        return line;
    }
}
