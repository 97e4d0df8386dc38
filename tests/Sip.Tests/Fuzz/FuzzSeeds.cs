using System.Text;

namespace VoiceGateway.Sip.Tests.Fuzz;

/// <summary>What the mutations begin with: the torture messages, and messages such as trunks, PBXs and telephones send.</summary>
internal static class FuzzSeeds
{
    public static byte[][] Messages { get; } = [.. TortureCorpus.All(), .. TortureCorpus.Samples()];

    /// <summary>Bodies: those of the messages, and some with what real ones have besides.</summary>
    public static byte[][] Sdp { get; } =
    [
        .. Messages.Select(BodyOf).Where(body => body.AsSpan().StartsWith("v=0"u8)),
        .. new[]
        {
            "v=0\no=- 1 2 IN IP6 2001:db8::1\ns= \nt=0 0\na=group:BUNDLE 0 1\na=ice-lite\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\nc=IN IP4 0.0.0.0\n" +
            "a=rtcp:9 IN IP4 0.0.0.0\na=ice-ufrag:abcd\na=fingerprint:sha-256 AA:BB\na=setup:actpass\na=mid:0\na=rtcp-mux\na=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;useinbandfec=1\n" +
            "a=rtpmap:126 telephone-event/8000\na=ssrc:1 cname:x\nm=video 0 RTP/AVP 96\na=inactive\n",
            "v=0\no=user 0 0 IN IP4 pbx.local\ns=call\nc=IN IP4 pbx.local\nt=0 0\nb=AS:64\nm=audio 10000/2 RTP/SAVP 8 0 101\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\n" +
            "a=rtpmap:101 telephone-event/8000\na=ptime:30\na=maxptime:60\na=sendonly\nm=audio 10002 RTP/AVP 8 0 101\na=rtcp:10003 IN IP4 192.0.2.1\na=rtpmap:0 pcmu/8000/1\na=fmtp:101 0-15,66\n",
            "v=0\nm=audio 4000 RTP/AVP 0\n",
            "v=0\nc=IN IP4 192.0.2.7\nm=audio 4000 RTP/SAVP 0\na=crypto:1 AEAD_AES_128_GCM inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJj\n" +
            "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4;inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^20|2:4 WSH=64 -X\n",
            "v=0\nc=IN IP4 224.2.1.1/127/3\nm=image 4002 udptl t38\na=T38FaxVersion:0\n",
        }.Select(text => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"))),
    ];

    /// <summary>What is put in: words of the grammar, and what tends to break readers of it.</summary>
    public static byte[][] Snippets { get; } =
    [
        .. new[]
        {
            "\r\n", "\n", "\r", "\r\n\r\n", "\r\n ", "\t", " ", "\0", "\"", "\\", "<", ">", ",", ";", ":", "=", "@", "%", "%00", "%4", "[", "]", "::", ":::", "*",
            "Content-Length: 5\r\n", "l: 99999999999999999999\r\n", "Via: SIP/2.0/UDP h\r\n", "SIP/2.0", "SIP/2.0 200 OK\r\n", ";tag=", ";branch=z9hG4bK", "rport",
            "4294967296", "-1", "\u00e9", "\ufeff", "z9hG4bK", "<sip:", "tel:", "sips:[::1]:5061", "Contact: *\r\n", "a,b,c,d", "m=audio 0 RTP/AVP 0\r\n",
            "a=rtpmap:0 PCMU/8000\r\n", "c=IN IP4 0.0.0.0\r\n", "a=ptime:0\r\n", "IN IP6 ", "/127/2", "RTP/SAVP", "65536", "Replaces: ", "Route: <sip:a;lr>, <sip:b\r\n",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf0, 0x9f],
    ];

    private static byte[] BodyOf(byte[] message) => message.AsSpan().IndexOf("\r\n\r\n"u8) is >= 0 and var end ? message[(end + 4)..] : [];
}
