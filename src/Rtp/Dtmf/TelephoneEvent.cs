using System.Buffers.Binary;

namespace VoiceGateway.Rtp;

/// <summary>The four-byte telephone-event payload of RFC 4733 section 2.3.</summary>
/// <param name="Event">Event code; 0 to 15 are the DTMF digits (section 3.2).</param>
/// <param name="IsEnd">The E bit.</param>
/// <param name="Volume">Level in -dBm0, 0 to 63.</param>
/// <param name="Duration">In timestamp units, from the packet's timestamp on.</param>
public readonly record struct TelephoneEvent(byte Event, bool IsEnd, byte Volume, ushort Duration)
{
    public const int Length = 4;

    private const string Digits = "0123456789*#ABCD";

    /// <summary>The digit of a DTMF event; null for every other event.</summary>
    public char? Digit => Event < Digits.Length ? Digits[Event] : null;

    public static bool TryParse(ReadOnlySpan<byte> payload, out TelephoneEvent telephoneEvent)
    {
        telephoneEvent = default;
        if (payload.Length < Length)
            return false;
        telephoneEvent = new TelephoneEvent(
            payload[0], (payload[1] & 0x80) != 0, (byte)(payload[1] & 0x3F), BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        return true;
    }

    public int Write(Span<byte> payload)
    {
        payload[0] = Event;
        payload[1] = (byte)((IsEnd ? 0x80 : 0) | (Volume & 0x3F));
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], Duration);
        return Length;
    }

    /// <summary>Event code of 0-9, *, #, A-D (either case).</summary>
    public static bool TryGetCode(char digit, out byte code)
    {
        var index = Digits.IndexOf(char.ToUpperInvariant(digit), StringComparison.Ordinal);
        code = (byte)Math.Max(0, index);
        return index >= 0;
    }
}
