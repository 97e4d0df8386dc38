using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace VoiceGateway.Sip.Tests.Resolution;

/// <summary>The other side's encoder: shares nothing with what is tested.</summary>
internal static class DnsWire
{
    public const int A = 1, Cname = 5, Soa = 6, Aaaa = 28, Srv = 33, Naptr = 35, Opt = 41;

    public static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Number32(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    public static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    public static byte[] Name(string name) =>
        [.. name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(Text), 0];

    public static byte[] Record(byte[] owner, int type, uint ttl, byte[] data) =>
        [.. owner, .. Number(type), 0, 1, .. Number32(ttl), .. Number(data.Length), .. data];

    public static byte[] SrvData(int priority, int weight, int port, string target) =>
        [.. Number(priority), .. Number(weight), .. Number(port), .. Name(target)];

    public static byte[] NaptrData(int order, int preference, string flags, string service, string regexp, string replacement) =>
        [.. Number(order), .. Number(preference), .. Text(flags), .. Text(service), .. Text(regexp), .. Name(replacement)];

    public static byte[] SoaData(uint minimum) =>
        [.. Name("ns.example.com"), .. Name("hostmaster.example.com"), .. Number32(1), .. Number32(2), .. Number32(3), .. Number32(4), .. Number32(minimum)];

    public static byte[] Message(int id, int flags, byte[] question, IReadOnlyList<byte[]> answers, IReadOnlyList<byte[]>? authority = null, IReadOnlyList<byte[]>? additional = null) =>
    [
        .. Number(id), .. Number(flags), .. Number(question.Length > 0 ? 1 : 0), .. Number(answers.Count), .. Number(authority?.Count ?? 0),
        .. Number(additional?.Count ?? 0), .. question, .. answers.SelectMany(r => r), .. (authority ?? []).SelectMany(r => r), .. (additional ?? []).SelectMany(r => r),
    ];

    public static byte[] Question(string name, int type) => [.. Name(name), .. Number(type), 0, 1];

    public static (string Name, int Type, byte[] Question) ReadQuestion(ReadOnlySpan<byte> query)
    {
        var name = new StringBuilder();
        int at = 12;
        while (query[at] != 0)
        {
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(query.Slice(at + 1, query[at])));
            at += 1 + query[at];
        }

        int end = at + 5;
        return (name.ToString(), BinaryPrimitives.ReadUInt16BigEndian(query[(at + 1)..]), query[12..end].ToArray());
    }

    public static byte[] Address(string address) => IPAddress.Parse(address).GetAddressBytes();

    public static string TypeName(int type) => type switch
    {
        A => "A",
        Cname => "CNAME",
        Soa => "SOA",
        Aaaa => "AAAA",
        Srv => "SRV",
        Naptr => "NAPTR",
        _ => $"TYPE{type}",
    };
}
