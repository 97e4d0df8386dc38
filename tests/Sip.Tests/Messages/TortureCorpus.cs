using System.Text;

namespace VoiceGateway.Sip.Tests;

/// <summary>The messages of RFC 4475 and RFC 5118, byte for byte as their archives have them.</summary>
internal static class TortureCorpus
{
    private static readonly string TestData = FindTestData();
    private static readonly string Root = Path.Combine(TestData, "torture");

    public static byte[] Read(string collection, string name) => File.ReadAllBytes(Path.Combine(Root, collection, name + ".dat"));

    public static string[] Names(string collection) =>
        [.. Directory.GetFiles(Path.Combine(Root, collection), "*.dat").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    public static IEnumerable<byte[]> All() =>
        new[] { "rfc4475", "rfc5118" }.SelectMany(collection => Names(collection).Select(name => Read(collection, name)));

    /// <summary>Messages such as trunks, PBXs and telephones send, in tests/testdata/sip.</summary>
    public static IEnumerable<byte[]> Samples() =>
        Directory.GetFiles(Path.Combine(TestData, "sip"), "*.sip").Order(StringComparer.Ordinal).Select(file => Encoding.UTF8.GetBytes(File.ReadAllText(file).ReplaceLineEndings("\r\n")));

    public static SipParseResult Parse(byte[] bytes, out SipMessage? message, out SipParseError error) =>
        SipParser.TryParse(bytes, SipLimits.Default, out message, out error);

    public static SipParseResult Parse(string text, out SipMessage? message, out SipParseError error) =>
        Parse(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), out message, out error);

    private static string FindTestData()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "testdata");
            if (Directory.Exists(Path.Combine(candidate, "torture")))
                return candidate;
        }

        throw new DirectoryNotFoundException("tests/testdata/torture");
    }
}
