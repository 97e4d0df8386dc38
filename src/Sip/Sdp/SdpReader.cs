using System.Globalization;
using System.Net;

namespace VoiceGateway.Sip;

/// <summary>
/// One pass over the lines. Tolerant as telephones need it: LF alone ends a line, o=, s=, t= and c= may be missing, unknown lines and
/// attributes are carried or skipped, a malformed rtpmap leaves the payload type's static meaning. Refused is what leaves unclear where
/// media would go: a line that is no line, a malformed m= or c=.
/// </summary>
internal sealed class SdpReader
{
    private const int MaxMediaLines = 32;
    private const int MaxFormats = 128;
    private const int MaxCrypto = 32;

    private readonly List<SdpAttribute> _attributes = [];
    private readonly List<SdpLine> _lines = [];
    private readonly List<Section> _sections = [];
    private SdpOrigin _origin = SdpOrigin.Unknown;
    private SdpConnection? _connection;
    private MediaDirection? _direction;
    private int? _ptime;
    private int? _maxPtime;
    private string _name = "-";
    private bool _begun;

    public SessionDescription? Read(string text, out string? error)
    {
        error = null;
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text.AsSpan()[range].TrimEnd("\r \t\0");
            if (line.IsEmpty)
                continue;
            if (line.Length < 2 || line[1] != '=' || !char.IsAsciiLetter(line[0]))
                error = "not a line of the form x=value";
            else if (!_begun && line[0] != 'v')
                error = "no v= at the beginning";
            else
                error = ReadLine(line[0], SipGrammar.WithoutControls(line[2..].ToString()).Trim());
            _begun = true;
            if (error is null)
                continue;
            error = string.Create(CultureInfo.InvariantCulture, $"SDP line {number}: {error}");
            return null;
        }

        if (!_begun)
        {
            error = "SDP is empty";
            return null;
        }

        return new SessionDescription
        {
            Origin = _origin,
            SessionName = _name,
            Connection = _connection,
            Attributes = _attributes,
            OtherLines = _lines,
            Media = [.. _sections.Select(section => section.ToMedia(_direction, _ptime, _maxPtime))],
        };
    }

    private string? ReadLine(char type, string value)
    {
        var section = _sections is [.., var last] ? last : null;
        switch (type)
        {
            case 'v':
                return value == "0" ? null : "version is not 0";
            case 'm':
                return ReadMedia(value);
            case 'c':
                return ReadConnection(value, section);
            case 'a':
                ReadAttribute(value, section);
                return null;
            case 'o' when section is null:
                return SdpOrigin.Parse(value) is not { } origin ? "o= has fewer than six fields" : Set(out _origin, origin);
            case 's' when section is null:
                return Set(out _name, value);
            default:
                (section?.Lines ?? _lines).Add(new SdpLine(type, value));
                return null;
        }
    }

    private string? ReadMedia(string value)
    {
        if (_sections.Count == MaxMediaLines)
            return "too many m= lines";
        var fields = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 3)
            return "m= has not enough fields";
        if (fields.Length > MaxFormats + 3)
            return "m= has too many formats";
        var slash = fields[1].IndexOf('/');
        uint count = 1;
        if (!SipGrammar.TryParseNumber(slash < 0 ? fields[1] : fields[1].AsSpan(0, slash), 65535, out var port)
            || (slash >= 0 && !SipGrammar.TryParseNumber(fields[1].AsSpan(slash + 1), 65535, out count)))
        {
            return "m= has no valid port";
        }

        _sections.Add(new Section(fields[0], (int)port, (int)count, fields[2], fields[3..]));
        return null;
    }

    private string? ReadConnection(string value, Section? section)
    {
        if (SdpConnection.Parse(value) is not { } connection)
            return "c= has fewer than three fields";
        if (section is null)
            _connection ??= connection;
        else
            section.Connection ??= connection;
        return null;
    }

    private void ReadAttribute(string value, Section? section)
    {
        var colon = value.IndexOf(':');
        var attribute = colon < 0 ? new SdpAttribute(value) : new SdpAttribute(value[..colon], value[(colon + 1)..].Trim());
        if (colon < 0 && MediaDirectionExtensions.FromSdp(value) is { } direction)
        {
            if (section is null)
                _direction = direction;
            else
                section.Direction = direction;
        }
        else if (section is null ? !TryTakeForAll(attribute) : !section.TryTake(attribute))
        {
            (section?.Attributes ?? _attributes).Add(attribute);
        }
    }

    // Of a media section by the grammar (RFC 8866 section 6.4); some gateways write them once for all.
    private bool TryTakeForAll(SdpAttribute attribute) => attribute switch
    {
        { Name: "ptime", Value: { } value } => Section.TryTakeMilliseconds(value, ref _ptime),
        { Name: "maxptime", Value: { } value } => Section.TryTakeMilliseconds(value, ref _maxPtime),
        _ => false,
    };

    private static string? Set<T>(out T target, T value)
    {
        target = value;
        return null;
    }

    /// <summary>An m= section under way: rtpmap and fmtp may come in any order.</summary>
    private sealed class Section(string media, int port, int portCount, string protocol, string[] formats)
    {
        private readonly Dictionary<byte, SdpFormat> _maps = [];
        private readonly Dictionary<byte, string> _fmtps = [];
        private readonly List<SdpCrypto> _crypto = [];
        private int? _ptime;
        private int? _maxPtime;
        private int? _rtcpPort;
        private IPAddress? _rtcpAddress;
        private bool _rtcpMux;

        public List<SdpAttribute> Attributes { get; } = [];

        public List<SdpLine> Lines { get; } = [];

        public SdpConnection? Connection { get; set; }

        public MediaDirection? Direction { get; set; }

        /// <returns>Whether the attribute has a property, or is about a payload type.</returns>
        public bool TryTake(SdpAttribute attribute)
        {
            if (attribute.Value is not { } value)
                return attribute.Name == "rtcp-mux" && (_rtcpMux = true);
            switch (attribute.Name)
            {
                case "rtpmap":
                    if (SdpFormat.ParseRtpMap(value) is { } map)
                        _maps.TryAdd(map.PayloadType, map);
                    return true;
                case "fmtp":
                    var blank = value.IndexOf(' ');
                    if (blank > 0 && SipGrammar.TryParseNumber(value.AsSpan(0, blank), 127, out var payloadType))
                        _fmtps.TryAdd((byte)payloadType, value[(blank + 1)..].Trim());
                    return true;
                case "ptime":
                    return TryTakeMilliseconds(value, ref _ptime);
                case "maxptime":
                    return TryTakeMilliseconds(value, ref _maxPtime);
                case "rtcp":
                    TakeRtcp(value);
                    return true;
                case "crypto":
                    return TryTakeCrypto(value);
                default:
                    return false;
            }
        }

        public MediaDescription ToMedia(MediaDirection? sessionDirection, int? sessionPtime, int? sessionMaxPtime) => new()
        {
            Media = media,
            Port = port,
            PortCount = portCount,
            Protocol = protocol,
            FormatTokens = formats,
            Formats = protocol.StartsWith("RTP/", StringComparison.OrdinalIgnoreCase) ? ReadFormats() : [],
            Direction = Direction ?? sessionDirection ?? MediaDirection.SendRecv,
            Ptime = _ptime ?? sessionPtime,
            MaxPtime = _maxPtime ?? sessionMaxPtime,
            Connection = Connection,
            RtcpPort = _rtcpPort,
            RtcpAddress = _rtcpAddress,
            RtcpMux = _rtcpMux,
            Crypto = _crypto,
            Attributes = Attributes,
            OtherLines = Lines,
        };

        private List<SdpFormat> ReadFormats()
        {
            List<SdpFormat> read = [];
            foreach (var token in formats)
            {
                if (!SipGrammar.TryParseNumber(token, 127, out var number) || read.Any(format => format.PayloadType == number))
                    continue;
                var format = _maps.GetValueOrDefault((byte)number) ?? SdpFormat.Static((byte)number);
                read.Add(_fmtps.TryGetValue((byte)number, out var fmtp) ? format with { Fmtp = fmtp } : format);
            }

            return read;
        }

        // Some telephones send "ptime:20.0"; what cannot be read is carried as any other attribute.
        public static bool TryTakeMilliseconds(string value, ref int? target)
        {
            var dot = value.IndexOf('.');
            if (!SipGrammar.TryParseNumber(dot < 0 ? value : value.AsSpan(0, dot), 10_000, out var number) || number == 0)
                return false;
            target = (int)number;
            return true;
        }

        private bool TryTakeCrypto(string value)
        {
            if (_crypto.Count == MaxCrypto || SdpCrypto.Parse(value) is not { } crypto)
                return false;
            _crypto.Add(crypto);
            return true;
        }

        private void TakeRtcp(string value)
        {
            var fields = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0 || !SipGrammar.TryParseNumber(fields[0], 65535, out var number) || number == 0)
                return;
            _rtcpPort = (int)number;
            if (fields is [_, _, _, var address, ..])
                _rtcpAddress = SipGrammar.ParseAddress(address);
        }
    }
}
