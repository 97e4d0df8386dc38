using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.Hosting;

namespace VoiceGateway.Tests.Calls;

public sealed class CallOptionsTests
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "config");

    [Theory]
    [InlineData("--Calls:TransferTargets:0=the boss", "Calls:TransferTargets:0")]
    [InlineData("--Calls:Overflow=http://example.com", "Calls:Overflow")]
    [InlineData("--Calls:TransferDomain=sip:pbx", "Calls:TransferDomain")]
    [InlineData("--Calls:TransferDomain=a b", "Calls:TransferDomain")]
    [InlineData("--Calls:TransferRingSeconds=0", "Calls:TransferRingSeconds")]
    [InlineData("--Calls:OverflowBy=Wish", "Calls:OverflowBy")]
    [InlineData("--Calls:AcceptRefer=Sometimes", "Calls:AcceptRefer")]
    [InlineData("--Calls:ReferTargets:0=the boss", "Calls:ReferTargets:0")]
    public void Read_BadSetting_NamesTheKey(string argument, string key) =>
        Assert.StartsWith(key + ":", Assert.Throws<ConfigurationException>(() => Read(argument)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_Targets_AreTheList() =>
        Assert.Equal(["+4930*", "200"], Read("--Calls:TransferTargets:0=+4930*", "--Calls:TransferTargets:1=200").TransferTargets);

    [Fact]
    public void Read_Shipped_ReferIsForKnownPeersAndLeadsNowhereElse()
    {
        var shipped = Read();
        Assert.Equal(AcceptRefer.KnownPeers, shipped.AcceptRefer);
        Assert.Empty(shipped.ReferTargets);
        Assert.Equal(["2*"], Read("--Calls:ReferTargets:0=2*").ReferTargets);
    }

    [Theory]
    [InlineData("", "300", null)]
    [InlineData("human", "300", "300")]
    [InlineData("human", null, null)]
    [InlineData("sip:overflow@pbx", "300", "sip:overflow@pbx")]
    public void Overflow_IsWhoIsNamed(string overflow, string? human, string? expected) =>
        Assert.Equal(expected, new CallOptions { Overflow = overflow }.OverflowOf(human)?.Text);

    private static CallOptions Read(params string[] arguments) =>
        OptionsReader.Read<CallOptions>(GatewayConfiguration.Load(arguments, Shipped), CallOptions.Section);
}
