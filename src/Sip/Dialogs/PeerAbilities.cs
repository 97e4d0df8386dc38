namespace VoiceGateway.Sip;

/// <summary>What the peer of a call has said about itself in Allow and Supported, most recently (RFC 3261 sections 20.5 and 20.37).</summary>
internal sealed class PeerAbilities
{
    private readonly HashSet<string> _refused = [];
    private IReadOnlyList<string> _allowed = [];

    public void Learn(SipMessage message)
    {
        if (message.Headers.Contains(SipHeaderNames.Allow))
            _allowed = message.Headers.GetList(SipHeaderNames.Allow);
    }

    /// <summary>Whether it has listed the method, and not answered one with 405 or 501 all the same.</summary>
    public bool Allows(string method) => _allowed.Contains(method) && !_refused.Contains(method);

    public void Refused(string method) => _refused.Add(method);
}
