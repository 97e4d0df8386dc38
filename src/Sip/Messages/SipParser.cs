namespace VoiceGateway.Sip;

/// <summary>
/// Reads one whole message from a datagram, or from what <see cref="SipStreamFramer"/> cut out of a stream. Total: no input makes it throw.
/// It is strict where being tolerant would let two elements read one message differently (framing, duplicates, identifiers), and
/// tolerant in what only we read.
/// </summary>
public static class SipParser
{
    /// <param name="datagram">The message; it is copied, so that the buffer can be used again.</param>
    /// <param name="limits">What is more is refused.</param>
    /// <param name="message">Set for <see cref="SipParseResult.Message"/> only.</param>
    /// <param name="error">Set for <see cref="SipParseResult.Rejected"/> and <see cref="SipParseResult.Dropped"/>, else <see cref="SipParseError.None"/>.</param>
    public static SipParseResult TryParse(ReadOnlySpan<byte> datagram, SipLimits limits, out SipMessage? message, out SipParseError error)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (!datagram.ContainsAnyExcept("\r\n\0"u8))
        {
            message = null;
            error = SipParseError.None;
            return SipParseResult.KeepAlive;
        }

        var reader = new SipMessageReader(limits);
        reader.Read(datagram);
        return reader.Finish(out message, out error);
    }

    /// <summary>Refuses a message whose frame is already known to be wrong; the header section serves to answer it.</summary>
    internal static SipParseError Refuse(ReadOnlySpan<byte> headerSection, SipLimits limits, SipParseErrorKind kind, int status, string reason)
    {
        var reader = new SipMessageReader(limits);
        reader.Fail(kind, status, reason);
        reader.Read(headerSection);
        reader.Finish(out _, out var error);
        return error;
    }
}
