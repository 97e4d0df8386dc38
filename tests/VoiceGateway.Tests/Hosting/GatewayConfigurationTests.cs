using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.Hosting;
using VoiceGateway.Media;
using VoiceGateway.Signalling;
using VoiceGateway.Tools;
using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Hosting;

public sealed class GatewayConfigurationTests
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "config");

    [Fact]
    public void Load_ListenOnTheCommandLine_ReplacesTheWholeList()
    {
        var sip = Read<SipOptions>(SipOptions.Section, "--Sip:Listen:0=udp:127.0.0.1:5070");
        Assert.Equal("udp:127.0.0.1:5070", Assert.Single(sip.Endpoints).ToString());
    }

    [Fact]
    public void Load_CodecsOnTheCommandLine_ReplaceTheWholeList()
    {
        var media = Read<MediaOptions>(MediaOptions.Section, "--Media:Codecs:0=pcma");
        Assert.Equal("PCMA", Assert.Single(media.Formats).EncodingName);
        Assert.Equal(["G722", "PCMU", "PCMA"], new MediaOptions().Formats.Select(static f => f.EncodingName));
    }

    [Fact]
    public void Load_AsShipped_EqualsTheDefaultsInCode()
    {
        AssertSame(new CallOptions(), Read<CallOptions>(CallOptions.Section));
        AssertSame(new BargeInOptions(), Read<BargeInOptions>(BargeInOptions.Section));
        AssertSame(new TurnOptions(), Read<TurnOptions>(TurnOptions.Section));
        AssertSame(new LiveOptions(), Read<LiveOptions>(LiveOptions.Section));
        AssertSame(new MediaOptions { Address = "", Codecs = ["G722", "PCMU", "PCMA"] }, Read<MediaOptions>(MediaOptions.Section));
        AssertSame(new ToolOptions(), Read<ToolOptions>(ToolOptions.Section));
        AssertSame(new AdminOptions(), Read<AdminOptions>(AdminOptions.Section));
        AssertSame(new StorageOptions(), Read<StorageOptions>(StorageOptions.Section));
        Assert.Equal(new SipOptions().Endpoints, Read<SipOptions>(SipOptions.Section).Endpoints);
    }

    [Theory]
    [InlineData("--Sip:Listen:0=udp:nowhere", "Sip:Listen:0")]
    [InlineData("--Sip:Lisen:0=udp:127.0.0.1:5060", "Sip:Lisen")]
    [InlineData("--Sip:AdvertisedAddress=here", "Sip:AdvertisedAddress")]
    [InlineData("--Media:PortRange=1-2", "Media:PortRange")]
    [InlineData("--Media:PortRange=many", "Media:PortRange")]
    [InlineData("--Media:Codecs:0=opus", "Media:Codecs:0")]
    [InlineData("--Media:TimeoutSeconds=soon", "Media:TimeoutSeconds")]
    [InlineData("--Live:Endpoint=http://x", "Live:Endpoint")]
    [InlineData("--Live:Endpoint=wss://x?key=secret", "Live:Endpoint")]
    [InlineData("--Live:ApiVersion=v7", "Live:ApiVersion")]
    [InlineData("--Calls:MaxConcurrent=0", "Calls:MaxConcurrent")]
    [InlineData("--Calls:WhenLiveUnavailable=Cry", "Calls:WhenLiveUnavailable")]
    [InlineData("--BargeIn:FadeMs=50", "BargeIn:FadeMs")]
    [InlineData("--Turns:StallSeconds=-1", "Turns:StallSeconds")]
    [InlineData("--Turns:IdlePrompts=often", "Turns:IdlePrompts")]
    [InlineData("--Turns:Filler=nowhere.wav", "Turns:Filler")]
    [InlineData("--Admin:Url=8080", "Admin:Url")]
    [InlineData("--Nonsense:Key=1", "Nonsense")]
    [InlineData("--Sip:Listen:0", "--Sip:Listen:0")]
    [InlineData("serv", "serv")]
    public void Load_BadSetting_NamesTheKeyInOneLine(string argument, string key)
    {
        var error = Assert.Throws<ConfigurationException>(() =>
        {
            var configuration = GatewayConfiguration.Load([argument], Shipped);
            OptionsReader.Read<SipOptions>(configuration, SipOptions.Section);
            OptionsReader.Read<MediaOptions>(configuration, MediaOptions.Section);
            OptionsReader.Read<LiveOptions>(configuration, LiveOptions.Section);
            OptionsReader.Read<CallOptions>(configuration, CallOptions.Section);
            OptionsReader.Read<BargeInOptions>(configuration, BargeInOptions.Section);
            OptionsReader.Read<TurnOptions>(configuration, TurnOptions.Section);
            OptionsReader.Read<AdminOptions>(configuration, AdminOptions.Section);
        });
        Assert.StartsWith(key + ":", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Load_VariablesOfAnOrchestrator_AreNoSettings()
    {
        Environment.SetEnvironmentVariable("VOICEGATEWAY_PORT", "tcp://10.0.0.1:5060");
        Environment.SetEnvironmentVariable("VOICEGATEWAY_Calls__MaxConcurrent", "7");
        try
        {
            Assert.Equal(7, Read<CallOptions>(CallOptions.Section).MaxConcurrent);
        }
        finally
        {
            Environment.SetEnvironmentVariable("VOICEGATEWAY_PORT", null);
            Environment.SetEnvironmentVariable("VOICEGATEWAY_Calls__MaxConcurrent", null);
        }
    }

    [Fact]
    public void Load_NoFolder_SaysWhereItLooked()
    {
        var error = Assert.Throws<ConfigurationException>(() => GatewayConfiguration.Load([], "/nowhere"));
        Assert.Contains("/nowhere", error.Message);
    }

    private static T Read<T>(string section, params string[] arguments) where T : class, new() =>
        OptionsReader.Read<T>(GatewayConfiguration.Load(arguments, Shipped), section);

    private static void AssertSame<T>(T expected, T actual) => Assert.Equivalent(expected, actual, strict: true);
}
