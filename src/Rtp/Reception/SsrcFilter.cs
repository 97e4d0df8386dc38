namespace VoiceGateway.Rtp;

/// <summary>
/// One source at a time. A new SSRC is followed at once; stragglers of the one it replaced are dropped, unless that one goes on
/// alone for three packets (the new one was the stray).
/// </summary>
internal sealed class SsrcFilter
{
    private const int ReturnPackets = 3;

    private bool _started;
    private bool _hasReplaced;
    private uint _replaced;
    private int _returning;

    public uint Current { get; private set; }

    /// <summary>True: the packet belongs to the stream, which has <paramref name="changed"/> with it. False: drop it.</summary>
    public bool Accepts(uint ssrc, out bool changed)
    {
        changed = false;
        if (_started && ssrc == Current)
        {
            _returning = 0;
            return true;
        }
        if (_hasReplaced && ssrc == _replaced && ++_returning < ReturnPackets)
            return false;

        changed = true;
        (_hasReplaced, _replaced) = (_started, Current);
        (_started, Current, _returning) = (true, ssrc, 0);
        return true;
    }
}
