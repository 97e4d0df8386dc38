using System.Text;

namespace VoiceGateway.Sip;

/// <summary>
/// Tells from a datagram's first line, without allocating, whether it may be SIP: whatever else a flood brings is dropped before anything is
/// looked up or parsed. What the parser would answer is never junk.
/// </summary>
internal static class SipPeek
{
    public static DatagramKind Look(ReadOnlySpan<byte> datagram, int maxLineBytes)
    {
        int start = datagram.IndexOfAnyExcept((byte)'\r', (byte)'\n');
        if (start < 0)
            return DatagramKind.KeepAlive;
        if (datagram[start] is <= (byte)' ' or >= 0x7f)
            return datagram.ContainsAnyExcept("\r\n\0"u8) ? DatagramKind.Junk : DatagramKind.KeepAlive;
        var line = datagram[start..];
        int end = line.IndexOf((byte)'\n');
        if (end > maxLineBytes)
            return DatagramKind.Message; // answered 414
        return end > 0 && HasVersion(line[..end]) ? DatagramKind.Message : DatagramKind.Junk;
    }

    /// <summary>A version stands at one end of every start line, "SIP/" in any case of letters.</summary>
    private static bool HasVersion(ReadOnlySpan<byte> line)
    {
        while (line.IndexOf((byte)'/') is >= 0 and var slash)
        {
            if (slash >= 3 && Ascii.EqualsIgnoreCase(line[(slash - 3)..slash], "SIP"u8))
                return true;
            line = line[(slash + 1)..];
        }

        return false;
    }
}
