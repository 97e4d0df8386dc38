namespace VoiceGateway.Rtp.Tests;

internal static class Packet
{
    public const uint Ssrc = 0x11223344;

    public static byte[] Bytes(
        int sequence, uint? timestamp = null, byte payloadType = 0, bool marker = false, uint ssrc = Ssrc, int length = 160, byte[]? payload = null)
    {
        payload ??= new byte[length];
        var bytes = new byte[RtpPacket.HeaderLength + payload.Length];
        RtpPacket.Write(bytes, payloadType, marker, (ushort)sequence, timestamp ?? (uint)(sequence * 160), ssrc, payload);
        return bytes;
    }

    public static byte[] Event(int sequence, uint timestamp, byte code, ushort duration, bool end = false, bool marker = false, uint ssrc = Ssrc)
    {
        var payload = new byte[TelephoneEvent.Length];
        new TelephoneEvent(code, end, 10, duration).Write(payload);
        return Bytes(sequence, timestamp, 101, marker, ssrc, payload: payload);
    }

    public static RtpPacket Parse(byte[] bytes)
    {
        Assert.True(RtpPacket.TryParse(bytes, out var packet));
        return packet;
    }
}
