using System.Net;

namespace VoiceGateway.Sip;

/// <summary>
/// RFC 3261 section 18.2.2 and RFC 3581 section 4: back on the connection the request came from, or, where that is gone, on a
/// new one to received and the sent-by port; over UDP to the source address with rport, or with the sent-by port. To maddr only where that
/// is a multicast group, which is what it is for: any other address would let whoever asks send the answer, and its To tag, to a third party.
/// </summary>
internal sealed class ResponsePath : IResponsePath
{
    private readonly SipFlow _flow;
    private readonly SipHop _fallback;
    private readonly SipTransports _transports;

    public ResponsePath(SipFlow flow, SipVia via, SipTransports transports)
    {
        _transports = transports;
        int sentByPort = via.Port ?? flow.Kind.DefaultPort();
        var source = flow.RemoteEndPoint;
        _fallback = new SipHop(flow.Kind, new IPEndPoint(source.Address, sentByPort));
        if (flow.IsReliable)
            _flow = flow;
        else if (MulticastGroup(via) is { } multicast)
            _flow = flow.Towards(new IPEndPoint(multicast, sentByPort));
        else
            _flow = via.HasRport ? flow : flow.Towards(new IPEndPoint(source.Address, sentByPort));
    }

    public bool IsReliable => _flow.IsReliable;

    public bool Send(ReadOnlySpan<byte> message)
    {
        if (_flow.IsOpen && _flow.Send(message))
            return true;
        if (!_flow.IsReliable)
            return false;
        _transports.SendLater(_fallback, message.ToArray());
        return true;
    }

    private static IPAddress? MulticastGroup(SipVia via)
    {
        if (via.MulticastAddress is not { } maddr || SipGrammar.ParseAddress(maddr) is not { } address)
            return null;
        Span<byte> octets = stackalloc byte[16];
        return address.IsIPv6Multicast || (address.TryWriteBytes(octets, out int length) && length == 4 && octets[0] is >= 224 and < 240) ? address : null;
    }
}
