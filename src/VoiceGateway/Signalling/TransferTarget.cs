using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>
/// Whom a caller may be handed to: a number, an extension or a SIP URI, in one spelling, so that what is allowed can be compared
/// with what is asked.
/// </summary>
public sealed class TransferTarget
{
    private const int Longest = 128;

    private TransferTarget(string text, SipUri? uri) => (Text, Uri) = (text, uri);

    /// <summary>Numbers without separators; URIs as they are written on the wire.</summary>
    public string Text { get; }

    /// <summary>Null for a number or extension: whose it is depends on the call.</summary>
    private SipUri? Uri { get; }

    /// <returns>Null when nobody could be called by it.</returns>
    public static TransferTarget? Parse(string? written)
    {
        var text = written?.Trim() ?? "";
        if (text.Length is 0 or > Longest) return null;
        if (text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase)) text = text["tel:".Length..];
        if (!text.Contains(':') && !text.Contains('@')) return Number(text) is { } number ? new TransferTarget(number, null) : null;
        if (!text.StartsWith("sip", StringComparison.OrdinalIgnoreCase)) text = $"sip:{text}";
        // Headers and a method would make the caller's side do something else than call (RFC 3515 section 2.1).
        return SipUri.TryParse(text, out var uri) && uri is { IsSip: true, Headers.Count: 0 } && !uri.Parameters.Contains("method") && uri.Password is null
            ? new TransferTarget(uri.ToString(), uri)
            : null;
    }

    /// <summary>Whether a pattern names it: exactly, as a beginning with a star (<c>+4930*</c>), or <c>*</c> for everybody.</summary>
    public bool Matches(string pattern)
    {
        if (pattern == "*") return true;
        if (!pattern.EndsWith('*')) return Parse(pattern) is { } one && string.Equals(one.Text, Text, StringComparison.OrdinalIgnoreCase);
        var beginning = pattern[..^1];
        return Text.StartsWith(Number(beginning) ?? beginning, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The address for a call's caller, who is to call there.</summary>
    /// <param name="sip">A number is one of the system that this call came from.</param>
    /// <param name="domain">Host or host:port whose numbers they are; empty: the call's.</param>
    public SipUri For(SipCall sip, string domain)
    {
        if (Uri is not null) return Uri;
        var home = domain.Length > 0 && SipUri.TryParse($"sip:{domain}", out var configured) ? configured!
            : sip.RemoteUri is { IsSip: true } remote && !remote.Host.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase) ? remote
            : new SipUri(null, sip.PeerEndPoint.Address.ToString());
        return new SipUri(Text, home.Host, home.Port, home.IsSecure);
    }

    /// <summary>The address for an INVITE of ours: nothing in it is what the peer has written into a message.</summary>
    /// <param name="sip">A number is one of the trunk's that this call came by, else of the place that it came from.</param>
    /// <param name="domain">Host or host:port whose numbers they are; empty: the call's.</param>
    public SipUri AtPeer(SipCall sip, string domain)
    {
        if (Uri is not null) return Uri;
        if (domain.Length > 0 && SipUri.TryParse($"sip:{domain}", out var home)) return new SipUri(Text, home!.Host, home.Port, home.IsSecure);
        if (sip.Peer is Trunk { Server: { } server }) return new SipUri(Text, server.Host, server.Port, server.IsSecure);
        // Who has called by a connection listens elsewhere: at the usual port, if anywhere.
        var port = sip.IsIncoming && sip.Transport != SipTransportKind.Udp ? default(int?) : sip.PeerEndPoint.Port;
        var there = new SipUri(Text, WayBack.HostOf(sip.PeerEndPoint.Address), port);
        return sip.Transport == SipTransportKind.Udp ? there : there.WithParameter("transport", sip.Transport.UriName());
    }

    // Separators are for people; what has letters is the name of an extension and stays as it is.
    private static string? Number(string text)
    {
        var digits = text.AsSpan(text.StartsWith('+') ? 1 : 0);
        if (!digits.ContainsAnyExcept("0123456789*# -./()"))
        {
            var number = string.Concat(text.Where(static c => c is not (' ' or '-' or '.' or '/' or '(' or ')')));
            return number is "" or "+" ? null : number;
        }
        return digits.ContainsAnyExcept(Token) ? null : text;
    }

    private static readonly System.Buffers.SearchValues<char> Token =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    public override string ToString() => Text;
}
