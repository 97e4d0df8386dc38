namespace VoiceGateway.Sip.Tests;

public sealed class SipHeadersTests
{
    [Theory]
    [InlineData("a\r\nInjected: x")]
    [InlineData("a\nInjected: x")]
    [InlineData("a\r")]
    [InlineData("a\0b")]
    [InlineData("a\\\r\nb")]
    [InlineData("\u007f")]
    public void Add_ValueThatWouldLeaveItsLine_Throws(string value)
    {
        var headers = new SipHeaders();

        Assert.Throws<ArgumentException>(() => headers.Add("Subject", value));
        Assert.Throws<ArgumentException>(() => headers.Set("Subject", value));
        Assert.Throws<ArgumentException>(() => headers.SetFirst("Subject", value));
        Assert.Throws<ArgumentException>(() => headers.InsertFirst("Subject", value));
        Assert.False(SipHeaders.IsValid("Subject", value));
        Assert.Empty(headers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sub ject")]
    [InlineData("Subject:")]
    [InlineData("Sub\r\nject")]
    [InlineData("Größe")]
    public void Add_NameThatIsNoToken_Throws(string name) => Assert.Throws<ArgumentException>(() => new SipHeaders().Add(name, "x"));

    [Fact]
    public void Get_CompactLongOrOtherCase_IsOneName()
    {
        var headers = new SipHeaders().Add("i", "1").Add("k", "timer").Add("X-y", "z");

        Assert.Equal("1", headers.Get("CALL-ID"));
        Assert.Equal("1", headers.Get("I"));
        Assert.Equal("timer", headers.Get("Supported"));
        Assert.Equal("z", headers.Get("x-Y"));
        Assert.Null(headers.Get("Via"));
        Assert.Equal(["Call-ID", "Supported", "X-y"], headers.Select(header => header.Name));
    }

    [Fact]
    public void InsertFirst_ExistingName_GoesBeforeItsOthers()
    {
        var headers = new SipHeaders().Add("To", "t").Add("Via", "1").Add("Via", "2");

        headers.InsertFirst("Via", "0").InsertFirst("Route", "r");

        Assert.Equal(["Route: r", "To: t", "Via: 0", "Via: 1", "Via: 2"], headers.Select(header => $"{header.Name}: {header.Value}"));
    }

    [Fact]
    public void Set_SeveralOfTheName_LeavesOneInPlace()
    {
        var headers = new SipHeaders().Add("Via", "1").Add("To", "t").Add("v", "2");

        headers.Set("Via", "x");

        Assert.Equal(["Via: x", "To: t"], headers.Select(header => $"{header.Name}: {header.Value}"));
    }

    [Fact]
    public void SetFirst_SeveralOfTheName_LeavesTheOthers()
    {
        var headers = new SipHeaders().Add("Via", "1").Add("Via", "2").SetFirst("v", "x").SetFirst("To", "t");

        Assert.Equal(["x", "2"], headers.GetAll("Via"));
        Assert.Equal("t", headers.Get("To"));
    }

    [Fact]
    public void Remove_Name_TakesAllOrTheFirst()
    {
        var headers = new SipHeaders().Add("Via", "1").Add("Via", "2").Add("m", "3");

        Assert.True(headers.RemoveFirst("Via"));
        Assert.Equal(["2"], headers.GetAll("v"));
        Assert.True(headers.Remove("Contact"));
        Assert.False(headers.Remove("Contact"));
        Assert.False(headers.RemoveFirst("Contact"));
        Assert.Single(headers);
    }

    [Fact]
    public void GetList_CommasAndSeveralLines_AreOneList()
    {
        var headers = new SipHeaders().Add("Supported", "timer ,, replaces").Add("k", "").Add("Supported", "100rel, \"a,b\"");

        Assert.Equal(["timer", "replaces", "100rel", "\"a,b\""], headers.GetList("Supported"));
        Assert.True(headers.ListContains("Supported", "TIMER"));
        Assert.False(headers.ListContains("Require", "timer"));
    }
}
