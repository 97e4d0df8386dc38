using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;

namespace VoiceGateway.Sip;

/// <summary>One Via value (RFC 3261 section 20.42), with received and rport (RFC 3581). Immutable.</summary>
public sealed class SipVia
{
    /// <summary>A branch that starts so is unique across space and time, and identifies the transaction (section 8.1.1.7).</summary>
    public const string MagicCookie = "z9hG4bK";

    /// <param name="transport">UDP, TCP or TLS.</param>
    /// <param name="host">Sent-by host, IPv6 without brackets.</param>
    /// <param name="port">Sent-by port, or null for the transport's default.</param>
    /// <param name="branch">Null only to read what RFC 2543 elements send.</param>
    /// <param name="requestRport">Adds <c>;rport</c>, which asks for the answer to the port that the request came from.</param>
    /// <exception cref="ArgumentException">A part cannot be written.</exception>
    public SipVia(string transport, string host, int? port = null, string? branch = null, bool requestRport = false)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (!SipGrammar.IsToken(transport) || !SipGrammar.IsHost(host) || port is < 1 or > 65535)
            throw new ArgumentException($"'{transport} {host}:{port}' is no sent-by of a Via.", nameof(host));
        Transport = transport;
        Host = host;
        Port = port;
        var parameters = SipParameters.Empty;
        if (branch is not null)
            parameters = parameters.With("branch", branch);
        Parameters = requestRport ? parameters.With("rport") : parameters;
    }

    private SipVia(string transport, string host, int? port, SipParameters parameters)
    {
        Transport = transport;
        Host = host;
        Port = port;
        Parameters = parameters;
    }

    /// <summary>As written; compare without regard to case.</summary>
    public string Transport { get; }

    /// <summary>Sent-by host, IPv6 without brackets.</summary>
    public string Host { get; }

    public int? Port { get; }

    public SipParameters Parameters { get; }

    public string? Branch => Parameters.Get("branch");

    /// <summary>False for the bare cookie with nothing behind it, which identifies nothing (RFC 4475 section 3.2.1).</summary>
    public bool HasMagicCookie =>
        Branch is { } branch && branch.Length > MagicCookie.Length && branch.StartsWith(MagicCookie, StringComparison.OrdinalIgnoreCase);

    public string? Received => Parameters.Get("received");

    /// <summary>The received address; brackets around IPv6 are tolerated (RFC 5118 section 4.5).</summary>
    public IPAddress? ReceivedAddress => Received is { } text ? SipGrammar.ParseAddress(text) : null;

    /// <summary>The sent-by host when it is an address.</summary>
    public IPAddress? HostAddress => SipGrammar.ParseAddress(Host);

    /// <summary>Whether the parameter is there, with a value or without (RFC 3581 section 3).</summary>
    public bool HasRport => Parameters.Contains("rport");

    /// <summary>The value of rport; null when absent or still to be filled in.</summary>
    public int? Rport => SipGrammar.TryParseNumber(Parameters.Get("rport"), 65535, out var port) && port > 0 ? (int)port : null;

    public int? Ttl => SipGrammar.TryParseNumber(Parameters.Get("ttl"), 255, out var ttl) ? (int)ttl : null;

    public string? MulticastAddress => Parameters.Get("maddr");

    /// <summary>
    /// What a server does to the topmost Via of a request it received: adds received when the sent-by differs from the source
    /// (RFC 3261 section 18.2.1), and received and rport both when rport was asked for (RFC 3581 section 4).
    /// </summary>
    public SipVia WithSource(IPEndPoint source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var address = Unmapped(source.Address);
        var parameters = Parameters;
        if (HasRport)
            parameters = parameters.With("rport", source.Port.ToString(CultureInfo.InvariantCulture));
        if (HasRport || HostAddress is not { } host || !Unmapped(host).Equals(Unmapped(address)))
            parameters = parameters.With("received", new IPAddress(address.GetAddressBytes()).ToString());
        return new SipVia(Transport, Host, Port, parameters);
    }

    /// <exception cref="ArgumentException">See <see cref="SipParameters.With"/>.</exception>
    public SipVia WithParameter(string name, string? value = null) => new(Transport, Host, Port, Parameters.With(name, value));

    public SipVia WithoutParameter(string name) => new(Transport, Host, Port, Parameters.Without(name));

    public static bool TryParse(string? text, out SipVia? via) => TryParse(text.AsSpan(), out via);

    /// <summary>Reads one value that fills the whole text. Never throws.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SipVia? via)
    {
        via = null;
        var semicolon = text.IndexOf(';');
        if (!TrySplitSentBy(semicolon < 0 ? text : text[..semicolon], out var transport, out var host, out var port)
            || !SipParameters.TryParse(semicolon < 0 ? default : text[semicolon..], out var parameters))
        {
            return false;
        }

        var read = new SipVia(SipWords.Intern(transport), host.ToString(), port, parameters);
        if (parameters.Contains("branch") && !SipGrammar.IsToken(read.Branch))
            return false;
        if (parameters.Get("rport") is not null && read.Rport is null)
            return false;
        via = read;
        return true;
    }

    public override string ToString()
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[256]);
        text.AppendLiteral("SIP/2.0/");
        text.AppendLiteral(Transport);
        text.AppendLiteral(" ");
        SipGrammar.AppendHostPort(ref text, Host, Port);
        Parameters.AppendTo(ref text);
        return text.ToStringAndClear();
    }

    /// <summary>Whether <see cref="TryParse(ReadOnlySpan{char}, out SipVia?)"/> would read it.</summary>
    internal static bool IsValid(ReadOnlySpan<char> text)
    {
        var semicolon = text.IndexOf(';');
        var list = semicolon < 0 ? default : text[semicolon..];
        Span<SipParameterSlice> slices = stackalloc SipParameterSlice[SipParameters.MaxCount];
        if (!TrySplitSentBy(semicolon < 0 ? text : text[..semicolon], out _, out _, out _) || !SipParameters.TryScan(list, slices, out var count))
            return false;
        slices = slices[..count];
        if (SipParameters.TryFind(list, slices, "branch", out var branch) && !SipGrammar.IsToken(branch.Value(list)))
            return false;
        return !SipParameters.TryFind(list, slices, "rport", out var rport) || rport.ValueLength < 0
            || (SipGrammar.TryParseNumber(rport.Value(list), 65535, out var port) && port > 0);
    }

    /// <summary>The part before the parameters, with the blanks that the grammar allows around its slashes.</summary>
    internal static bool TrySplitSentBy(ReadOnlySpan<char> text, out ReadOnlySpan<char> transport, out ReadOnlySpan<char> host, out int? port)
    {
        transport = host = default;
        port = null;
        text = SipGrammar.Trim(text);
        var slash = text.IndexOf('/');
        if (slash < 0 || !SipGrammar.Trim(text[..slash]).Equals("SIP", StringComparison.OrdinalIgnoreCase))
            return false;
        text = text[(slash + 1)..];
        slash = text.IndexOf('/');
        if (slash < 0 || !SipGrammar.Trim(text[..slash]).SequenceEqual("2.0"))
            return false;
        text = SipGrammar.TrimStart(text[(slash + 1)..]);
        var blank = text.IndexOfAny(' ', '\t');
        if (blank < 0 || !SipGrammar.IsToken(text[..blank]))
            return false;
        transport = text[..blank];
        return SipGrammar.TrySplitHostPort(text[blank..], out host, out port);
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
