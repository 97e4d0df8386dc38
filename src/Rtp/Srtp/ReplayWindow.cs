namespace VoiceGateway.Rtp;

/// <summary>Which of the last 128 indices have been here (RFC 3711 3.3.2 asks for 64 at least). Taken only once they are proven.</summary>
internal struct ReplayWindow
{
    public const int Length = 128;

    // Bit n: the highest less n.
    private UInt128 _seen;
    private ulong _highest;

    public readonly bool MayTake(ulong index)
    {
        if (_seen == UInt128.Zero || index > _highest)
            return true;
        var behind = _highest - index;
        return behind < Length && (_seen >> (int)behind & UInt128.One) == UInt128.Zero;
    }

    public void Take(ulong index)
    {
        if (_seen != UInt128.Zero && index <= _highest)
        {
            _seen |= UInt128.One << (int)(_highest - index);
            return;
        }
        var ahead = index - _highest;
        _seen = (ahead < Length ? _seen << (int)ahead : UInt128.Zero) | UInt128.One;
        _highest = index;
    }
}
