namespace VoiceGateway.Load;

/// <summary>What a sample of perf(1) belongs to, by the file that its code came from and the function's name.</summary>
internal static class PerfPlace
{
    // What was compiled at run time is named with its assembly: "void [VoiceGateway.Rtp] VoiceGateway.Rtp.ClockLoop::Drain()[Tier1]".
    private static readonly (string Part, string Name)[] Compiled =
    [
        ("Base64", "JSON and base64"),
        ("[System.Text.Json]", "JSON and base64"),
        ("[VoiceGateway.Codecs]", "speech: codecs, filters, detector, echo"),
        ("[VoiceGateway.Rtp]", "RTP and its clock"),
        ("[VoiceGateway.GeminiLive]", "Live client"),
        ("[VoiceGateway]", "call and media of the gateway"),
        ("[System.Net.WebSockets]", "WebSocket frames"),
        ("[System.Net.Security]", "way to OpenSSL"),
        ("[System.Security.Cryptography", "way to OpenSSL"),
        ("[System.Net.Sockets]", "way to the system"),
        ("[System.Net.Http]", "HTTP below the WebSocket"),
    ];

    public static string Of(string file, string symbol) => file switch
    {
        _ when symbol.StartsWith("[k]", StringComparison.Ordinal) => Kernel(symbol[3..].Trim()),
        _ when file.StartsWith("libcrypto", StringComparison.Ordinal) || file.StartsWith("libssl", StringComparison.Ordinal) => "OpenSSL",
        _ when file.Contains("Security.Cryptography", StringComparison.Ordinal) => "way to OpenSSL",
        _ when file.StartsWith("libcoreclr", StringComparison.Ordinal) || file.StartsWith("libclr", StringComparison.Ordinal) => "runtime and its compiler",
        _ when file.StartsWith("libSystem", StringComparison.Ordinal) => "way to the system",
        _ when file.StartsWith("libc.", StringComparison.Ordinal) => symbol.Contains("mem", StringComparison.Ordinal) ? "copying and clearing" : "way to the system",
        _ when file.StartsWith("[vdso", StringComparison.Ordinal) => "way to the system",
        _ => Compiled.FirstOrDefault(place => symbol.Contains(place.Part, StringComparison.Ordinal)).Name
            ?? (symbol.Contains("Memmove", StringComparison.Ordinal) || symbol.Contains("SpanHelpers", StringComparison.Ordinal) ? "copying and clearing" : ".NET's class library and what has no name"),
    };

    private static string Kernel(string symbol) =>
        symbol.Contains("tcp", StringComparison.Ordinal) ? "kernel: TCP"
        : symbol.Contains("udp", StringComparison.Ordinal) ? "kernel: UDP"
        : symbol.Contains("finish_task_switch", StringComparison.Ordinal) || symbol.Contains("sched", StringComparison.Ordinal) || symbol.Contains("hrtimer", StringComparison.Ordinal) ? "kernel: waking and switching"
        : "kernel: the rest";
}
