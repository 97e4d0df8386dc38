using System.Security.Cryptography;

namespace VoiceGateway.Rtp;

/// <summary>
/// Session keys out of a master key: AES in counter mode over the label and the master salt (RFC 3711 4.3.1 and 4.3.3, RFC 6188 2).
/// The key derivation rate is 0: once for the life of the master key.
/// </summary>
internal static class SrtpKeyDerivation
{
    public const byte RtpEncryption = 0;
    public const byte RtpAuthentication = 1;
    public const byte RtpSalt = 2;
    public const byte RtcpEncryption = 3;
    public const byte RtcpAuthentication = 4;
    public const byte RtcpSalt = 5;

    private const int BlockLength = 16;

    // 56 bits of label and index right-aligned under a salt of 112 bits.
    private const int LabelAt = 7;

    public static byte[] Derive(SrtpMasterKey master, byte label, int length)
    {
        // The salt of AEAD has 96 bits: the rest is zero (RFC 7714 11).
        Span<byte> first = stackalloc byte[BlockLength];
        first.Clear();
        master.Salt.CopyTo(first);
        first[LabelAt] ^= label;

        var blocks = (length + BlockLength - 1) / BlockLength;
        var stream = new byte[blocks * BlockLength];
        for (var i = 0; i < blocks; i++)
        {
            first.CopyTo(stream.AsSpan(i * BlockLength));
            stream[(i * BlockLength) + BlockLength - 1] = (byte)i;
        }
        using var aes = Aes.Create();
        aes.Key = master.Key.ToArray();
        return aes.EncryptEcb(stream, PaddingMode.None)[..length];
    }
}
