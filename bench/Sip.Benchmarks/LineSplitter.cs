using System.Text;

namespace VoiceGateway.Sip.Benchmarks;

/// <summary>What every reader does that makes strings first: text, lines, names and values. It understands nothing of them and checks nothing.</summary>
internal static class LineSplitter
{
    public static List<KeyValuePair<string, string>> Read(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        List<KeyValuePair<string, string>> headers = [];
        foreach (var line in text[..end].Split("\r\n").Skip(1))
        {
            var colon = line.IndexOf(':');
            headers.Add(new(line[..colon], line[(colon + 1)..].Trim()));
        }

        headers.Add(new("", text[(end + 4)..]));
        return headers;
    }
}
