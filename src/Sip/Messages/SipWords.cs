namespace VoiceGateway.Sip;

/// <summary>The words that nearly every message holds: reading one of them makes no string.</summary>
internal static class SipWords
{
    /// <summary>The shared constant when the word is known in this very spelling, else a new string.</summary>
    public static string Intern(ReadOnlySpan<char> word) => word switch
    {
        "" => "",
        "UDP" => "UDP",
        "TCP" => "TCP",
        "TLS" => "TLS",
        "udp" => "udp",
        "tcp" => "tcp",
        "tls" => "tls",
        "branch" => "branch",
        "tag" => "tag",
        "rport" => "rport",
        "received" => "received",
        "lr" => "lr",
        "transport" => "transport",
        "user" => "user",
        "phone" => "phone",
        "expires" => "expires",
        "q" => "q",
        "ob" => "ob",
        "maddr" => "maddr",
        "ttl" => "ttl",
        _ => word.ToString(),
    };
}
