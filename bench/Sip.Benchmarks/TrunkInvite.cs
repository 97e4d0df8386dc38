using System.Text;

namespace VoiceGateway.Sip.Benchmarks;

/// <summary>An INVITE as a carrier's session border controller sends it: 1.2 kB, 17 headers, SDP with six payload types.</summary>
internal static class TrunkInvite
{
    public static byte[] Bytes { get; } = Read();

    public static SipRequest Parse() =>
        SipParser.TryParse(Bytes, SipLimits.Default, out var message, out var error) == SipParseResult.Message
            ? (SipRequest)message!
            : throw new InvalidOperationException(error.Reason);

    private static byte[] Read()
    {
        using var stream = typeof(TrunkInvite).Assembly.GetManifestResourceStream("trunk-invite.sip")!;
        using var reader = new StreamReader(stream);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd().ReplaceLineEndings("\r\n"));
    }
}
