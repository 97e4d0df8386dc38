namespace VoiceGateway.Sip;

/// <summary>
/// The To tag of a refusal for which no state is kept: the same for each repeat of a request (RFC 3261 section 8.2.7), and with a
/// mark that no tag of a dialog has, so that its ACK is known without state too.
/// </summary>
internal static class StatelessTag
{
    public const int Length = 18;

    private static ReadOnlySpan<byte> Mark => "s-"u8;

    public static void Write(ReadOnlySpan<byte> branch, Span<byte> destination) => Write(TokenHash.Of(branch), destination);

    public static string Of(SipRequest request)
    {
        Span<byte> tag = stackalloc byte[Length];
        Write(TokenHash.Of(request.TopVia.Branch ?? request.CallId), tag);
        return System.Text.Encoding.ASCII.GetString(tag);
    }

    public static bool IsOurs(ReadOnlySpan<byte> tag) => tag.Length == Length && tag.StartsWith(Mark);

    private static void Write(ulong hash, Span<byte> destination)
    {
        Mark.CopyTo(destination);
        hash.TryFormat(destination[Mark.Length..], out _, "x16", System.Globalization.CultureInfo.InvariantCulture);
    }
}
