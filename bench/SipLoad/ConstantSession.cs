using System.Text;
using VoiceGateway.Sip;

namespace VoiceGateway.SipLoad;

/// <summary>The same description to everybody, and every answer will do: no media is sent in these calls.</summary>
internal sealed class ConstantSession : ISessionNegotiator
{
    private static readonly SessionDescription Description = Parse(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n" +
        "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n");

    public static ConstantSession Instance { get; } = new();

    public SessionDescription? Answer(SessionDescription offer) => Description;

    public SessionDescription CreateOffer() => Description;

    public bool Accept(SessionDescription answer) => true;

    private static SessionDescription Parse(string text) =>
        SessionDescription.TryParse(Encoding.ASCII.GetBytes(text), out var description, out var error) ? description! : throw new FormatException(error);
}
