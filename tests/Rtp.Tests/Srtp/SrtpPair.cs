using System.Security.Cryptography;

namespace VoiceGateway.Rtp.Tests.Srtp;

/// <summary>Sender and receiver under one key, and packets for them.</summary>
internal sealed class SrtpPair : IDisposable
{
    public SrtpPair(SrtpSuite suite, byte[]? keyAndSalt = null)
    {
        Key = new SrtpMasterKey(suite, keyAndSalt ?? RandomNumberGenerator.GetBytes(suite.MasterLength));
        Sender = new SrtpSender(Key);
        Receiver = new SrtpReceiver([Key]);
    }

    public SrtpMasterKey Key { get; }

    public SrtpSender Sender { get; }

    public SrtpReceiver Receiver { get; }

    public static TheoryData<string> Suites => [.. SrtpSuite.All.Select(static suite => suite.Name)];

    public static byte[] RandomKey(SrtpSuite suite) => RandomNumberGenerator.GetBytes(suite.MasterLength);

    public byte[] Protect(byte[] rtp) => Protect(Sender, rtp);

    public static byte[] Protect(SrtpSender sender, byte[] rtp)
    {
        var buffer = new byte[rtp.Length + SrtpCipher.MostAdded];
        rtp.CopyTo(buffer, 0);
        return buffer[..sender.ProtectRtp(buffer, rtp.Length)];
    }

    public byte[] ProtectRtcp(byte[] rtcp)
    {
        var buffer = new byte[rtcp.Length + SrtpCipher.MostAdded];
        rtcp.CopyTo(buffer, 0);
        return buffer[..Sender.ProtectRtcp(buffer, rtcp.Length)];
    }

    public SrtpVerdict Open(byte[] srtp, out byte[] rtp) => Open(Receiver, srtp, out rtp);

    public static SrtpVerdict Open(SrtpReceiver receiver, byte[] srtp, out byte[] rtp)
    {
        var copy = (byte[])srtp.Clone();
        var verdict = receiver.OpenRtp(copy, out var length);
        rtp = verdict == SrtpVerdict.Opened ? copy[..length] : copy;
        return verdict;
    }

    public SrtpVerdict OpenRtcp(byte[] srtcp, out byte[] rtcp)
    {
        var copy = (byte[])srtcp.Clone();
        var verdict = Receiver.OpenRtcp(copy, out var length);
        rtcp = verdict == SrtpVerdict.Opened ? copy[..length] : copy;
        return verdict;
    }

    /// <summary>Any RTP packet: with CSRCs, header extension and padding, or without.</summary>
    public static byte[] AnyRtp(Random random, int sequence, uint ssrc = Packet.Ssrc)
    {
        var (csrcs, extension, payload) = (random.Next(3) == 0 ? random.Next(1, 16) : 0, random.Next(3) == 0 ? random.Next(1, 8) : -1, random.Next(0, 400));
        var padding = random.Next(4) == 0 ? random.Next(1, 20) : 0;
        var bytes = new byte[RtpPacket.HeaderLength + (csrcs * 4) + (extension < 0 ? 0 : 4 + (extension * 4)) + payload + padding];
        random.NextBytes(bytes);
        var head = Packet.Bytes(sequence, ssrc: ssrc, length: 0);
        head.CopyTo(bytes, 0);
        bytes[0] = (byte)(0x80 | (padding > 0 ? 0x20 : 0) | (extension >= 0 ? 0x10 : 0) | csrcs);
        if (extension >= 0)
            (bytes[14 + (csrcs * 4)], bytes[15 + (csrcs * 4)]) = (0, (byte)extension);
        if (padding > 0)
            bytes[^1] = (byte)padding;
        return bytes;
    }

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
    }
}
