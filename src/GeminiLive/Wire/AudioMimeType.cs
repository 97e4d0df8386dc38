using System.Buffers.Text;
using System.Text;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// <c>audio/pcm;rate=24000</c>, or a bare <c>audio/pcm</c> (Vertex), which means the same here. <c>audio/L16</c> is taken
/// for the same, too: Google's servers write it for little-endian samples, against RFC 2586.
/// </summary>
internal static class AudioMimeType
{
    public static bool IsPcm24kHz(ReadOnlySpan<byte> mimeType)
    {
        if (mimeType.IsEmpty) return true;

        ReadOnlySpan<byte> type = NextField(ref mimeType);
        if (!Ascii.EqualsIgnoreCase(type, "audio/pcm"u8) && !Ascii.EqualsIgnoreCase(type, "audio/L16"u8)) return false;

        while (!mimeType.IsEmpty)
        {
            ReadOnlySpan<byte> parameter = NextField(ref mimeType);
            if (!HasValueOrOtherName(parameter, "rate="u8, PcmFormat.DownlinkRateHz)) return false;
            if (!HasValueOrOtherName(parameter, "channels="u8, 1)) return false;
        }

        return true;
    }

    private static bool HasValueOrOtherName(ReadOnlySpan<byte> parameter, ReadOnlySpan<byte> name, int expected)
    {
        if (parameter.Length < name.Length || !Ascii.EqualsIgnoreCase(parameter[..name.Length], name)) return true;
        return Utf8Parser.TryParse(parameter[name.Length..], out int value, out _) && value == expected;
    }

    private static ReadOnlySpan<byte> NextField(scoped ref ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)';');
        ReadOnlySpan<byte> field = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return field[Ascii.Trim(field)];
    }
}
