using System.Net;
using System.Text;

namespace VoiceGateway.Sip.Tests;

public sealed class SessionDescriptionTests
{
    private const string Offer = """
        v=0
        o=- 3724394400 3724394405 IN IP4 198.51.100.1
        s=Call to John Smith
        i=SDP Offer #1
        c=IN IP4 198.51.100.1
        b=AS:128
        t=0 0
        a=tool:phone 1.0
        a=sendonly
        m=audio 49170 RTP/AVP 0 8 97 101
        i=first
        b=TIAS:64000
        a=rtpmap:97 iLBC/8000
        a=fmtp:97 mode=30
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-16
        a=ptime:20
        a=maxptime:40
        a=rtcp:53020 IN IP4 198.51.100.2
        a=recvonly
        a=ssrc:1 cname:x
        m=video 51372/2 RTP/AVP 99
        c=IN IP6 2001:db8::2
        a=rtpmap:99 h263-1998/90000
        m=image 0 udptl t38

        """;

    [Fact]
    public void TryParse_FullDescription_IsRead()
    {
        var sdp = Read(Offer);

        Assert.Equal(new SdpOrigin("-", "3724394400", "3724394405", "IP4", "198.51.100.1"), sdp.Origin);
        Assert.Equal("Call to John Smith", sdp.SessionName);
        Assert.Equal(new SdpAttribute("tool", "phone 1.0"), Assert.Single(sdp.Attributes));
        Assert.Equal(["audio", "video", "image"], sdp.Media.Select(media => media.Media));
        var audio = sdp.Media[0];
        Assert.Equal((49170, "RTP/AVP", 20, 40, MediaDirection.RecvOnly), (audio.Port, audio.Protocol, audio.Ptime, audio.MaxPtime, audio.Direction));
        Assert.Equal(
            [new(0, "PCMU", 8000), new(8, "PCMA", 8000), new(97, "iLBC", 8000, 1, "mode=30"), new(101, "telephone-event", 8000, 1, "0-16")],
            audio.Formats);
        Assert.Equal((53020, IPAddress.Parse("198.51.100.2")), (audio.RtcpPort, audio.RtcpAddress));
        Assert.Equal(new SdpAttribute("ssrc", "1 cname:x"), Assert.Single(audio.Attributes));
        Assert.Equal(IPAddress.Parse("198.51.100.1"), sdp.ConnectionOf(audio)!.Address);
        var video = sdp.Media[1];
        Assert.Equal((51372, 2, MediaDirection.SendOnly), (video.Port, video.PortCount, video.Direction));
        Assert.Equal(IPAddress.Parse("2001:db8::2"), sdp.ConnectionOf(video)!.Address);
        Assert.Equal((0, "udptl", "t38", 0), (sdp.Media[2].Port, sdp.Media[2].Protocol, Assert.Single(sdp.Media[2].FormatTokens), sdp.Media[2].Formats.Count));
    }

    [Fact]
    public void ToBytes_ReadAgain_IsTheSame()
    {
        var sdp = Read(Offer);
        var written = Encoding.UTF8.GetString(sdp.ToBytes());

        Assert.Equal(written, Read(written).ToString());
        Assert.StartsWith("v=0\r\no=- 3724394400 3724394405 IN IP4 198.51.100.1\r\ns=Call to John Smith\r\ni=SDP Offer #1\r\nc=IN IP4 198.51.100.1\r\nb=AS:128\r\nt=0 0\r\na=tool:phone 1.0\r\nm=audio 49170 RTP/AVP 0 8 97 101\r\ni=first\r\nb=TIAS:64000\r\n", written, StringComparison.Ordinal);
        Assert.Contains("a=rtcp:53020 IN IP4 198.51.100.2\r\na=recvonly\r\n", written, StringComparison.Ordinal);
        Assert.EndsWith("m=image 0 udptl t38\r\n", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v=0\nm=audio 4000 RTP/AVP 0\n")]
    [InlineData("v=0\r\ns=\r\nm=audio 4000 RTP/AVP 0")]
    [InlineData("\r\nv=0 \r\n\r\no=a b c 1 2 IN IP4 h\r\nz=0 0\r\nq=?\r\nm=audio  4000  RTP/AVP  0 \r\na=\r\na=:\r\na=rtpmap:\r\na=rtpmap:x y\r\na=fmtp:0\r\na=ptime:x\r\na=rtcp:x\0\0")]
    [InlineData("v=0\nc=IN IP4 pbx.example.com\nm=audio 4000/1 RTP/AVP 0\nc=IN IP4 224.2.1.1/127/3\na=ptime:20.0\n")]
    public void TryParse_WhatTelephonesSend_IsTolerated(string text)
    {
        Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out var sdp, out var error), error);

        var audio = Assert.Single(sdp!.Media);
        Assert.Equal((4000, "PCMU"), (audio.Port, Assert.Single(audio.Formats).EncodingName));
        Assert.True(SessionDescription.TryParse(sdp.ToBytes(), out var again, out _));
        Assert.Equal(sdp.ToBytes(), again!.ToBytes());
    }

    [Theory]
    [InlineData("", "SDP is empty")]
    [InlineData("\r\n\r\n", "SDP is empty")]
    [InlineData("<audio>", "SDP line 1: not a line of the form x=value")]
    [InlineData("o=- 1 1 IN IP4 h", "SDP line 1: no v= at the beginning")]
    [InlineData("v=1", "SDP line 1: version is not 0")]
    [InlineData("v=0\nm =audio 1 RTP/AVP 0", "SDP line 2: not a line of the form x=value")]
    [InlineData("v=0\no=- 1 1 IN IP4", "SDP line 2: o= has fewer than six fields")]
    [InlineData("v=0\nc=IN IP4", "SDP line 2: c= has fewer than three fields")]
    [InlineData("v=0\nc=IN IP4 /127", "SDP line 2: c= has fewer than three fields")]
    [InlineData("v=0\nm=audio", "SDP line 2: m= has not enough fields")]
    [InlineData("v=0\nm=audio x RTP/AVP 0", "SDP line 2: m= has no valid port")]
    [InlineData("v=0\nm=audio -1 RTP/AVP 0", "SDP line 2: m= has no valid port")]
    [InlineData("v=0\nm=audio 65536 RTP/AVP 0", "SDP line 2: m= has no valid port")]
    [InlineData("v=0\nm=audio 4000/x RTP/AVP 0", "SDP line 2: m= has no valid port")]
    public void TryParse_WhereMediaWouldGoIsUnclear_IsRefused(string text, string expected)
    {
        Assert.False(SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out var sdp, out var error));
        Assert.Null(sdp);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void TryParse_Floods_AreCutOff()
    {
        Assert.False(SessionDescription.TryParse(Encoding.UTF8.GetBytes("v=0\n" + string.Concat(Enumerable.Repeat("m=audio 1 RTP/AVP 0\n", 33))), out _, out var error));
        Assert.Equal("SDP line 34: too many m= lines", error);
        Assert.False(SessionDescription.TryParse(Encoding.UTF8.GetBytes("v=0\nm=audio 1 RTP/AVP " + string.Join(' ', Enumerable.Repeat("0", 200))), out _, out error));
        Assert.Equal("SDP line 2: m= has too many formats", error);
    }

    [Fact]
    public void TryParse_UnreadableRtpmap_LeavesTheStaticMeaning()
    {
        var sdp = Read("v=0\nm=video 3227 RTP/AVP 31 34 200 x\na=rtpmap:31 LPC\na=rtpmap:34 H263/90000/2/3\n");

        Assert.Equal(["H261", "H263"], sdp.Media[0].Formats.Select(format => format.EncodingName));
        Assert.Equal(["31", "34", "200", "x"], sdp.Media[0].FormatTokens);
    }

    [Fact]
    public void ToString_LineEndsInValues_DoNotStartLines()
    {
        var sdp = new SessionDescription { SessionName = "x\r\nm=audio 1 RTP/AVP 0", Attributes = [new SdpAttribute("tool", "y\na=z")] };

        Assert.Equal("v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=x  m=audio 1 RTP/AVP 0\r\nt=0 0\r\na=tool:y a=z\r\n", sdp.ToString());
    }

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("pbx.example.com", false)]
    public void Connection_Unspecified_IsRecognised(string host, bool unspecified) =>
        Assert.Equal(unspecified, new SdpConnection("IP4", host).IsUnspecified);

    [Fact]
    public void TryParse_RandomLines_NeverThrowsAndSettles()
    {
        string[] pieces = ["v=0", "o=- 1 1 IN IP4 h", "s=", "c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0 8 96", "a=rtpmap:96 opus/48000/2", "a=fmtp:96 x", "a=sendonly",
            "a=ptime:20", "a=rtcp:1 IN IP6 ::1", "a=", "=", "m=", "x=y", "\0", "a=rtpmap:999 x/1", "m=audio 0 x", "t=0 0", "\u00e9=1", "b=", "c=IN IP6 ::/", "a=rtcp:0"];
        for (var seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder("v=0\n");
            for (var lines = random.Next(1, 15); lines > 0; lines--)
            {
                var piece = pieces[random.Next(pieces.Length)];
                if (random.Next(4) == 0)
                    piece = piece.Insert(random.Next(piece.Length + 1), ((char)random.Next(1, 300)).ToString());
                text.Append(piece).Append(random.Next(5) == 0 ? "\r" : "").Append('\n');
            }

            if (!SessionDescription.TryParse(Encoding.UTF8.GetBytes(text.ToString()), out var sdp, out var error))
            {
                Assert.NotNull(error);
                continue;
            }

            Assert.True(SessionDescription.TryParse(sdp!.ToBytes(), out var again, out error), $"seed {seed}: {error}\n{sdp}");
            Assert.Equal(sdp.ToBytes(), again!.ToBytes());
            OfferAnswer.TryAnswer(sdp, new LocalAudio(IPAddress.Loopback, 4000, LocalAudio.G711), new SdpOriginState(), out _);
        }
    }

    private static SessionDescription Read(string text)
    {
        Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), out var sdp, out var error), error);
        return sdp!;
    }

    // A description may end up in a log; a key may not.
    [Theory]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRETfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4 WSH=128", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 (not shown)")]
    [InlineData("a=crypto:SECRET", "a=crypto:(not shown)")]
    [InlineData("a=Crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRETfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 (not shown)")]
    [InlineData("a=key-mgmt:mikey SECRET", "a=key-mgmt:(not shown)")]
    [InlineData("a=crypto:1 X\u2028inline:SECRET", "a=crypto:(not shown)")]
    [InlineData("k=base64:SECRET", "k=(not shown)")]
    public void ToString_Keys_AreOnTheWireOnly(string line, string shown)
    {
        foreach (var text in (string[])[$"v=0\no=- 1 1 IN IP4 192.0.2.9\ns=-\nt=0 0\n{line}\nm=audio 4000 RTP/SAVP 0\n", $"v=0\no=- 1 1 IN IP4 192.0.2.9\ns=-\nt=0 0\nm=audio 4000 RTP/SAVP 0\n{line}\n"])
        {
            Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out var description, out var error), error);
            Assert.Contains("SECRET", Encoding.UTF8.GetString(description!.ToBytes()), StringComparison.Ordinal);
            Assert.DoesNotContain("SECRET", description.ToString(), StringComparison.Ordinal);
            Assert.Contains($"\r\n{shown}\r\n", description.ToString(), StringComparison.Ordinal);
        }
    }
}
