namespace VoiceGateway.Media;

/// <summary>
/// How much longer than usual the next packet is waited for before its place is filled: packets may be long, and the line may have shown
/// that they only come late. In units of the RTP clock, 8 a millisecond.
/// </summary>
internal sealed class UplinkLateness
{
    private const int UsualPacket = 160;

    // A line that pauses for longer is broken for that time, and silence is what the model should hear.
    private const int MostLate = 200 * 8;

    // Forgotten by a quarter of a millisecond a packet: the length may change with each.
    private const int LengthForgotten = 2;

    // By an eighth: 200 ms in half a minute of 20 ms packets.
    private const int LateForgotten = 1;

    private int _longest = UsualPacket;
    private int _late;

    public int Allowance => Math.Max(0, _longest - UsualPacket) + _late;

    public void OnPacket(int length)
    {
        _longest = Math.Max(length, _longest - LengthForgotten);
        _late = Math.Max(0, _late - LateForgotten);
    }

    /// <summary>
    /// So much was filled before a packet of which nothing was missing: it was only late, and so may be the next. More than that was no
    /// lateness but a hold, or a silence that the timestamps do not count.
    /// </summary>
    public void FilledTooMuch(int length)
    {
        if (length is > 0 and <= MostLate) _late = Math.Min(MostLate, _late + length);
    }
}
