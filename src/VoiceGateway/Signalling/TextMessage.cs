using System.Text;
using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>MESSAGE within a call (RFC 3428): plain text is taken, everything else refused by 415 with what would do.</summary>
internal static class TextMessage
{
    private const string PlainText = "text/plain";

    // Section 8: a MESSAGE has 1300 bytes at most; what is much longer is no text message.
    private const int LongestBody = 4096;

    /// <param name="message">The request.</param>
    /// <param name="say">Takes the words; false: nobody is there to hear them.</param>
    public static SipReply Serve(SipRequest message, Func<string, bool> say)
    {
        if (message.Body.IsEmpty) return new SipReply(200);
        if (message.ContentType is not (PlainText or null)) return new SipReply(415, null, (SipHeaderNames.Accept, PlainText));
        if (message.Body.Length > LongestBody) return new SipReply(413);
        var text = Encoding.UTF8.GetString(message.Body.Span).Trim();
        return text.Length == 0 || say(text) ? new SipReply(200) : new SipReply(480);
    }
}
