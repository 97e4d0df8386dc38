namespace VoiceGateway.Sip;

/// <summary>
/// INFO within a call: key presses in the two bodies that telephones and PBXs send in place of RFC 4733, and the refusals that
/// RFC 6086 wants for everything else.
/// </summary>
public static class SipInfo
{
    /// <param name="info">The request.</param>
    /// <param name="digit">Given the key, if it is one: 0-9, *, #, A-D.</param>
    /// <returns>The answer.</returns>
    public static SipReply Serve(SipRequest info, Action<char> digit)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(digit);
        // Section 4.2.2: of a package that we have not asked for. An empty Recv-Info says that there is none.
        if (info.Headers.Contains(SipHeaderNames.InfoPackage))
            return new SipReply(469, null, (SipHeaderNames.RecvInfo, ""));
        // Without package and body it asks for nothing: some peers see by it whether the call is still there.
        if (info.Body.IsEmpty)
            return new SipReply(200);
        if (info.ContentType is not (SipDtmf.RelayType or SipDtmf.PlainType))
            return new SipReply(415, null, (SipHeaderNames.Accept, $"{SipDtmf.RelayType}, {SipDtmf.PlainType}"));
        if (!SipDtmf.TryRead(info, out var key))
            return new SipReply(400, "Bad DTMF");
        if (key.Digit is { } pressed)
            digit(pressed);
        return new SipReply(200);
    }
}
