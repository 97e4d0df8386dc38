using System.Text;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>Takes every session, or none, and remembers what it was asked.</summary>
internal sealed class TestNegotiator : ISessionNegotiator
{
    public bool Refuses { get; set; }

    public bool Throws { get; set; }

    public MediaDirection Direction { get; set; } = MediaDirection.SendRecv;

    public List<string> Log { get; } = [];

    public static SessionDescription Sdp(MediaDirection direction = MediaDirection.SendRecv)
    {
        var text = $"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 20000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na={direction.ToString().ToLowerInvariant()}\r\n";
        Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out var description, out var error), error);
        return description!;
    }

    public SessionDescription? Answer(SessionDescription offer)
    {
        Log.Add($"answer {offer.Media[0].Direction}");
        if (Throws)
            throw new InvalidOperationException("negotiator");
        return Refuses ? null : Sdp(Direction);
    }

    public SessionDescription CreateOffer()
    {
        Log.Add("offer");
        return Sdp(Direction);
    }

    public bool Accept(SessionDescription answer)
    {
        Log.Add($"accept {answer.Media[0].Direction}");
        if (Throws)
            throw new InvalidOperationException("negotiator");
        return !Refuses;
    }
}
