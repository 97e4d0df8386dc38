using System.Text;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>Key presses by INFO, as telephones and PBXs really send them, and the rest of RFC 6086.</summary>
public class SipInfoTests
{
    [Theory]
    [InlineData("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", '5', 160)]
    [InlineData("application/dtmf-relay", "Signal= 1\r\nDuration= 100\r\n", '1', 100)]
    [InlineData("Application/DTMF-Relay", "signal=#\nduration=250", '#', 250)]
    [InlineData("application/dtmf-relay", "Duration=160\r\nSignal=*", '*', 160)]
    [InlineData("application/dtmf-relay", "Signal=10\r\nDuration=160", '*', 160)]
    [InlineData("application/dtmf-relay", "Signal=11\r\nDuration=160", '#', 160)]
    [InlineData("application/dtmf-relay", "Signal=12", 'A', null)]
    [InlineData("application/dtmf-relay", "Signal=d;Duration=99999999", 'D', null)]
    [InlineData("application/dtmf-relay;charset=utf-8", "Signal=\"7\"", '7', null)]
    [InlineData("application/dtmf-relay", "Signal=16", null, null)]
    [InlineData("application/dtmf-relay", "Signal=hf", null, null)]
    [InlineData("application/dtmf", "5", '5', null)]
    [InlineData("application/dtmf", " 11\r\n", '#', null)]
    [InlineData("application/dtmf", "10", '*', null)]
    [InlineData("application/dtmf", "Signal=3\r\nDuration=80", '3', 80)]
    public void TryRead_Key(string type, string body, char? digit, int? duration)
    {
        Assert.True(SipDtmf.TryRead(Info(type, body), out var key));
        Assert.Equal(new SipDtmf(digit, duration), key);
    }

    [Theory]
    [InlineData("application/dtmf-relay", "Signal=17")]
    [InlineData("application/dtmf-relay", "Signal=")]
    [InlineData("application/dtmf-relay", "Duration=160")]
    [InlineData("application/dtmf-relay", "Signal=-1")]
    [InlineData("application/dtmf", "E")]
    [InlineData("application/dtmf", "123456789")]
    [InlineData("text/plain", "5")]
    public void TryRead_NoKey(string type, string body) => Assert.False(SipDtmf.TryRead(Info(type, body), out _));

    [Fact]
    public void TryRead_HugeBody_IsNoKey() => Assert.False(SipDtmf.TryRead(Info(SipDtmf.PlainType, new string(' ', 5000) + "5"), out _));

    [Theory]
    [InlineData("application/dtmf-relay", "Signal=5", 200, "5")]
    [InlineData("application/dtmf-relay", "Signal=16", 200, "")]
    [InlineData("application/dtmf-relay", "nonsense", 400, "")]
    [InlineData("application/media_control+xml", "<x/>", 415, "")]
    [InlineData(null, "", 200, "")]
    public void Serve_AnswersAndGivesTheKey(string? type, string body, int status, string digits)
    {
        var pressed = "";
        var reply = SipInfo.Serve(Info(type, body), digit => pressed += digit);
        Assert.Equal((status, digits), (reply.StatusCode, pressed));
        if (status == 415)
            Assert.Contains(reply.Headers, static h => h is { Name: "Accept", Value: "application/dtmf-relay, application/dtmf" });
    }

    // RFC 6086 section 4.2.2: 469 with the packages that would do, of which there are none.
    [Fact]
    public void Serve_OfAPackage_Is469()
    {
        var info = Info("application/dtmf-relay", "Signal=5");
        info.Headers.Add("Info-Package", "foo");
        var reply = SipInfo.Serve(info, static _ => Assert.Fail("no key"));
        Assert.Equal(469, reply.StatusCode);
        Assert.Contains(("Recv-Info", ""), reply.Headers);
        Assert.Equal("Bad Info Package", SipReasonPhrases.Get(469));
    }

    [Fact]
    public async Task Info_WithinACall_ReachesTheHandlerOnceForAllItsRepeats()
    {
        await using var fixture = new StackFixture(additionalMethods: ["INFO"]);
        var pressed = "";
        fixture.Handler.Requested = request => SipInfo.Serve(request, digit => pressed += digit);
        var call = fixture.Establish();
        var info = StackFixture.Request("INFO", 2, toTag: call.LocalTag, body: "Signal=4\r\nDuration=100\r\n", contentType: "application/dtmf-relay");
        fixture.Send(info);
        fixture.Send(info);
        Assert.Equal("200 200", fixture.Heard());
        Assert.Equal("4", pressed);
    }

    private static SipRequest Info(string? type, string body)
    {
        var info = new SipRequest("INFO", new SipUri("bob", "192.0.2.1"));
        if (type is not null)
            info.SetBody(type, Encoding.ASCII.GetBytes(body));
        return info;
    }
}
