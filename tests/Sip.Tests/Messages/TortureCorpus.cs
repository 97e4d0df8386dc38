using System.Text;

namespace VoiceGateway.Sip.Tests;

/// <summary>The messages of RFC 4475 and RFC 5118, byte for byte as their archives have them.</summary>
internal static class TortureCorpus
{
    private static readonly string Root = FindRoot();

    public static byte[] Read(string collection, string name) => File.ReadAllBytes(Path.Combine(Root, collection, name + ".dat"));

    public static string[] Names(string collection) =>
        [.. Directory.GetFiles(Path.Combine(Root, collection), "*.dat").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    public static IEnumerable<byte[]> All() =>
        new[] { "rfc4475", "rfc5118" }.SelectMany(collection => Names(collection).Select(name => Read(collection, name)));

    public static SipParseResult Parse(byte[] bytes, out SipMessage? message, out SipParseError error) =>
        SipParser.TryParse(bytes, SipLimits.Default, out message, out error);

    public static SipParseResult Parse(string text, out SipMessage? message, out SipParseError error) =>
        Parse(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), out message, out error);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "testdata", "torture");
            if (Directory.Exists(candidate))
                return candidate;
        }

        throw new DirectoryNotFoundException("tests/testdata/torture");
    }
}
