namespace VoiceGateway.Rtp;

/// <summary>
/// Hears each digit once, with the first packet of its event that arrives. All packets of an event share one timestamp
/// (RFC 4733 2.5.1.1), so neither the marker bit nor the start nor the end packets are needed.
/// </summary>
internal sealed class TelephoneEventReceiver
{
    private const uint LongestSegment = 0xFFFF;

    private bool _started;
    private uint _ssrc;
    private uint _timestamp;
    private TelephoneEvent _last;

    /// <summary>Returns the digit when this packet is the first one heard of it; otherwise null.</summary>
    public char? OnPacket(in RtpPacket packet)
    {
        if (!TelephoneEvent.TryParse(packet.Payload, out var heard))
            return null;

        var isNew = IsNew(packet, heard);
        if (isNew is null)
            return null;
        (_started, _ssrc, _timestamp, _last) = (true, packet.Ssrc, packet.Timestamp, heard);
        return isNew.Value ? heard.Digit : null;
    }

    // True: a new event. False: more of the one being heard. Null: an older one, to be forgotten.
    private bool? IsNew(in RtpPacket packet, TelephoneEvent heard)
    {
        if (!_started || packet.Ssrc != _ssrc)
            return true;

        var step = unchecked((int)(packet.Timestamp - _timestamp));
        if (step == 0)
        {
            // Only updates that came in order say how far the event has got.
            return heard.Event == _last.Event && heard.Duration >= _last.Duration && (heard.IsEnd || !_last.IsEnd) ? false : null;
        }
        if (step < 0)
            return null;

        if (heard.Event != _last.Event || packet.Marker)
            return true;

        // The same key cannot be pressed again while it is held: the sender moves its timestamp, wrongly, during the event.
        if (step < _last.Duration)
            return false;
        if (_last.IsEnd)
            return true;

        // 2.5.1.3: an event longer than the duration field goes on in a new segment, which begins where the full one ended.
        // And the wrongly moved timestamp again, early in the event: it grows by as much as the duration does, which no second
        // press can do, since its duration starts again.
        return step != LongestSegment && step != heard.Duration - _last.Duration;
    }
}
