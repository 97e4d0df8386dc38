using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>
/// A payload type of an RTP m-line with its rtpmap and fmtp. Without a readable rtpmap the assignment of RFC 3551 section 6 stands in;
/// where there is none either, the name is empty.
/// </summary>
public sealed record SdpFormat(byte PayloadType, string EncodingName, int ClockRateHz, int Channels = 1, string? Fmtp = null)
{
    public bool IsTelephoneEvent => EncodingName.Equals("telephone-event", StringComparison.OrdinalIgnoreCase);

    public bool Is(string encodingName, int clockRateHz) =>
        ClockRateHz == clockRateHz && Channels == 1 && EncodingName.Equals(encodingName, StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of the rtpmap attribute.</summary>
    public string ToRtpMap()
    {
        var channels = Channels == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"/{Channels}");
        return string.Create(CultureInfo.InvariantCulture, $"{PayloadType} {EncodingName}/{ClockRateHz}{channels}");
    }

    internal static SdpFormat Static(byte payloadType) => payloadType switch
    {
        0 => new(0, "PCMU", 8000),
        3 => new(3, "GSM", 8000),
        4 => new(4, "G723", 8000),
        5 => new(5, "DVI4", 8000),
        6 => new(6, "DVI4", 16000),
        7 => new(7, "LPC", 8000),
        8 => new(8, "PCMA", 8000),
        9 => new(9, "G722", 8000), // 16 kHz audio on an 8 kHz clock, by mistake made law (RFC 3551 section 4.5.2)
        10 => new(10, "L16", 44100, 2),
        11 => new(11, "L16", 44100),
        12 => new(12, "QCELP", 8000),
        13 => new(13, "CN", 8000),
        14 => new(14, "MPA", 90000),
        15 => new(15, "G728", 8000),
        16 => new(16, "DVI4", 11025),
        17 => new(17, "DVI4", 22050),
        18 => new(18, "G729", 8000),
        25 => new(25, "CelB", 90000),
        26 => new(26, "JPEG", 90000),
        28 => new(28, "nv", 90000),
        31 => new(31, "H261", 90000),
        32 => new(32, "MPV", 90000),
        33 => new(33, "MP2T", 90000),
        34 => new(34, "H263", 90000),
        _ => new(payloadType, "", 0),
    };

    /// <summary>Reads <c>PT name/rate[/channels]</c>; null when it is malformed, which leaves the static assignment.</summary>
    internal static SdpFormat? ParseRtpMap(string value)
    {
        var fields = value.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length != 2 || !SipGrammar.TryParseNumber(fields[0], 127, out var payloadType))
            return null;
        var parts = fields[1].Split('/', StringSplitOptions.TrimEntries);
        if (parts.Length is < 2 or > 3 || !SipGrammar.IsToken(parts[0]) || !SipGrammar.TryParseNumber(parts[1], 1_000_000, out var rate))
            return null;
        uint channels = 1;
        if (parts.Length == 3 && !SipGrammar.TryParseNumber(parts[2], 255, out channels))
            return null;
        var format = new SdpFormat((byte)payloadType, parts[0], (int)rate, (int)channels);
        // Some write the rate at which G.722 samples. The clock of type 9 is 8000 all the same (RFC 3551 section 4.5.2).
        return payloadType == 9 && format.Is("G722", 16000) ? Static(9) : format;
    }
}
