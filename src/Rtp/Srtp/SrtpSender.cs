namespace VoiceGateway.Rtp;

/// <summary>
/// Protects what we send under one key. One SSRC a key, which begins with roll-over counter 0 on both sides: no keystream is used
/// twice, and nobody has to guess. Clock thread only.
/// </summary>
internal sealed class SrtpSender(SrtpMasterKey key) : IDisposable
{
    private const uint IndexMask = 0x7FFF_FFFF;

    private readonly SrtpCipher _cipher = SrtpCipher.Of(key);
    private ulong _rollOver;
    private ushort _last;
    private uint _rtcpIndex;

    public SrtpMasterKey Key => key;

    /// <param name="buffer">A packet, and room for <see cref="SrtpCipher.MostAdded"/> bytes.</param>
    /// <param name="length">Of the packet; sequence numbers grow.</param>
    /// <returns>Its length now.</returns>
    public int ProtectRtp(Span<byte> buffer, int length)
    {
        var sequenceNumber = SrtpHeader.SequenceNumber(buffer);
        if (sequenceNumber < _last)
            _rollOver++;
        _last = sequenceNumber;
        return _cipher.ProtectRtp(buffer, SrtpHeader.PayloadAt(buffer[..length]), length, (_rollOver << 16) | sequenceNumber);
    }

    /// <inheritdoc cref="ProtectRtp"/>
    public int ProtectRtcp(Span<byte> buffer, int length) => _cipher.ProtectRtcp(buffer, length, _rtcpIndex++ & IndexMask);

    public void Dispose() => _cipher.Dispose();
}
