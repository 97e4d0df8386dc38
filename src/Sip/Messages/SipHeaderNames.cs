using System.Collections.Frozen;

namespace VoiceGateway.Sip;

/// <summary>Header names in their long form, and the compact forms of RFC 3261 section 7.3.3 and the IANA registry.</summary>
public static class SipHeaderNames
{
    public const string Accept = "Accept";
    public const string Allow = "Allow";
    public const string AlertInfo = "Alert-Info";
    public const string Authorization = "Authorization";
    public const string CallId = "Call-ID";
    public const string Contact = "Contact";
    public const string ContentDisposition = "Content-Disposition";
    public const string ContentEncoding = "Content-Encoding";
    public const string ContentLength = "Content-Length";
    public const string ContentType = "Content-Type";
    public const string CSeq = "CSeq";
    public const string Date = "Date";
    public const string Diversion = "Diversion";
    public const string Event = "Event";
    public const string Expires = "Expires";
    public const string FlowTimer = "Flow-Timer";
    public const string From = "From";
    public const string HistoryInfo = "History-Info";
    public const string InfoPackage = "Info-Package";
    public const string Join = "Join";
    public const string MaxForwards = "Max-Forwards";
    public const string MinExpires = "Min-Expires";
    public const string MinSE = "Min-SE";
    public const string PAssertedIdentity = "P-Asserted-Identity";
    public const string Path = "Path";
    public const string PPreferredIdentity = "P-Preferred-Identity";
    public const string Privacy = "Privacy";
    public const string ProxyAuthenticate = "Proxy-Authenticate";
    public const string ProxyAuthorization = "Proxy-Authorization";
    public const string ProxyRequire = "Proxy-Require";
    public const string RAck = "RAck";
    public const string Reason = "Reason";
    public const string RecvInfo = "Recv-Info";
    public const string RecordRoute = "Record-Route";
    public const string ReferTo = "Refer-To";
    public const string ReferredBy = "Referred-By";
    public const string ReferSub = "Refer-Sub";
    public const string RemotePartyId = "Remote-Party-ID";
    public const string Replaces = "Replaces";
    public const string Require = "Require";
    public const string RetryAfter = "Retry-After";
    public const string Route = "Route";
    public const string RSeq = "RSeq";
    public const string Server = "Server";
    public const string ServiceRoute = "Service-Route";
    public const string SessionExpires = "Session-Expires";
    public const string Subject = "Subject";
    public const string SubscriptionState = "Subscription-State";
    public const string Supported = "Supported";
    public const string Timestamp = "Timestamp";
    public const string To = "To";
    public const string Unsupported = "Unsupported";
    public const string UserAgent = "User-Agent";
    public const string UserToUser = "User-to-User";
    public const string Via = "Via";
    public const string Warning = "Warning";
    public const string WwwAuthenticate = "WWW-Authenticate";

    private static readonly FrozenDictionary<string, string> Known = Table();
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> KnownBySpan =
        Known.GetAlternateLookup<ReadOnlySpan<char>>();

    // RFC 3261 7.3.1: these are lists, so that one line with commas equals several lines.
    // They are kept one element an entry; token lists (Supported, Allow) stay as written, see SipHeaders.GetList.
    private static readonly FrozenSet<string> Addresses = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        Via, Route, RecordRoute, Contact, Path, ServiceRoute, PAssertedIdentity, PPreferredIdentity, Diversion, HistoryInfo);

    /// <summary>The long form in its usual spelling when the name is known (in either form), else the name itself.</summary>
    public static string Canonical(string name) => Known.TryGetValue(name, out var known) ? known : name;

    internal static string Canonical(ReadOnlySpan<char> name) =>
        KnownBySpan.TryGetValue(name, out var known) ? known : name.ToString();

    internal static bool IsAddressList(string canonicalName) => Addresses.Contains(canonicalName);

    private static FrozenDictionary<string, string> Table()
    {
        string[] longForms =
        [
            Accept, "Accept-Contact", "Accept-Encoding", "Accept-Language", AlertInfo, Allow, "Allow-Events", "Authentication-Info",
            Authorization, CallId, "Call-Info", Contact, ContentDisposition, ContentEncoding, "Content-Language", ContentLength,
            ContentType, CSeq, Date, Diversion, "Error-Info", Event, Expires, From, HistoryInfo, "Identity", "Identity-Info",
            "In-Reply-To", MaxForwards, MinExpires, MinSE, "MIME-Version", "Organization", PAssertedIdentity, Path, "Priority",
            "Privacy", ProxyAuthenticate, ProxyAuthorization, ProxyRequire, PPreferredIdentity, RAck, Reason, RecordRoute, ReferTo,
            ReferredBy, "Reject-Contact", Replaces, "Reply-To", "Request-Disposition", Require, RetryAfter, Route, RSeq, Server,
            ServiceRoute, SessionExpires, "SIP-ETag", "SIP-If-Match", Subject, SubscriptionState, Supported, Timestamp, To,
            Unsupported, UserAgent, Via, Warning, WwwAuthenticate,
        ];
        var table = longForms.ToDictionary(name => name, StringComparer.OrdinalIgnoreCase);
        table.Add("a", "Accept-Contact");
        table.Add("b", ReferredBy);
        table.Add("c", ContentType);
        table.Add("d", "Request-Disposition");
        table.Add("e", ContentEncoding);
        table.Add("f", From);
        table.Add("i", CallId);
        table.Add("j", "Reject-Contact");
        table.Add("k", Supported);
        table.Add("l", ContentLength);
        table.Add("m", Contact);
        table.Add("n", "Identity-Info");
        table.Add("o", Event);
        table.Add("r", ReferTo);
        table.Add("s", Subject);
        table.Add("t", To);
        table.Add("u", "Allow-Events");
        table.Add("v", Via);
        table.Add("x", SessionExpires);
        table.Add("y", "Identity");
        return table.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
