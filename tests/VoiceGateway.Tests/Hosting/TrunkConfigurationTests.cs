using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using VoiceGateway.Abstractions;
using VoiceGateway.Hosting;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Tests.Hosting;

public sealed class TrunkConfigurationTests
{
    [Theory]
    [InlineData("Addresses:0", "203.0.113.0/99", "must be an address or a network")]
    [InlineData("Server", "pbx.example.com", "must be a SIP URI")]
    [InlineData("Server", "sip:user@pbx.example.com", "without a user")]
    [InlineData("Register", "true", "must say where to register")]
    [InlineData("ProbeSeconds", "-1", "between 0 and 3600")]
    [InlineData("RegisterSeconds", "5", "between 30 and")]
    [InlineData("Adresses:0", "203.0.113.1", "unknown key")]
    [InlineData("MaxCalls", "many", "whole number")]
    [InlineData("AuthRealm", "pbx", "a password beside it")]
    public void Read_WrongTrunk_NamesTheKey(string key, string value, string complaint)
    {
        var error = Assert.Throws<ConfigurationException>(() => Read((key, value)));
        Assert.StartsWith("Sip:Trunks:provider:", error.Key, StringComparison.Ordinal);
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PasswordWithoutUser_NamesTheUserAndKeepsThePassword()
    {
        var error = Assert.Throws<ConfigurationException>(() => Read(("Addresses:0", "203.0.113.1"), ("Password", "hunter2")));
        Assert.Equal("Sip:Trunks:provider:User", error.Key);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TwoPasswords_NamesTheFileAndKeepsBoth()
    {
        var error = Assert.Throws<ConfigurationException>(() => Read(("Server", "sip:192.0.2.1"), ("User", "us"), ("Password", "hunter2"), ("PasswordFile", "/run/secret")));
        Assert.Equal("Sip:Trunks:provider:PasswordFile", error.Key);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trunks_AuthRealm_IsTheOnlyOneThatIsAnswered()
    {
        Assert.Equal("pbx", Own(("AuthRealm", "pbx"))!.Realm);
        Assert.Null(Own()!.Realm);

        static SipCredentials? Own(params (string, string)[] more) =>
            Assert.Single(SipSetup.Trunks(Read([("Server", "sip:192.0.2.1"), ("User", "us"), ("Password", "hunter2"), .. more])).All).Own;
    }

    // Both would prove to be the same: which trunk's call would it be?
    [Fact]
    public void Read_SameCallerTwice_NamesTheKey()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new[] { "one", "two" }.SelectMany(static t => new KeyValuePair<string, string?>[] { new($"Sip:Trunks:{t}:CallerUser", "alice"), new($"Sip:Trunks:{t}:CallerPassword", $"hunter-{t}") })).Build();
        var error = Assert.Throws<ConfigurationException>(() => OptionsReader.Read<SipOptions>(configuration, SipOptions.Section));
        Assert.Equal("Sip:Trunks:two:CallerUser", error.Key);
        Assert.DoesNotContain("hunter", error.Message, StringComparison.Ordinal);
    }

    // Callers are to meet Calls:MaxConcurrent, also while every call is handed on.
    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(1_000, 10_000)]
    [InlineData(100_000, 201_000)]
    public void MostDialogs_LeaveRoomForEveryCallTwice(int calls, int dialogs)
    {
        Assert.Equal(dialogs, SipSetup.MostDialogs(calls));
        var trunks = new TrunkTable([]);
        var gate = new TrunkGate(trunks, new DigestServer("gateway", static _ => null));
        Assert.Equal(dialogs, SipSetup.EndpointOptions(new SipOptions(), calls, gate, new FaultLog(NullLogger<FaultLog>.Instance), new OffenceLog(trunks, NullLogger<OffenceLog>.Instance)).MaxCalls);
    }

    [Fact]
    public void Trunks_MissingPasswordFile_NamesTheKey()
    {
        var options = Read(("Server", "sip:192.0.2.1"), ("User", "us"), ("PasswordFile", "/nowhere/secret"));
        Assert.Equal("Sip:Trunks:provider:PasswordFile", Assert.Throws<ConfigurationException>(() => SipSetup.Trunks(options)).Key);
    }

    [Fact]
    public void Load_StrongerAddresses_ReplaceTheShippedOnes()
    {
        var configuration = GatewayConfiguration.Load(["--Sip:Trunks:loopback:Addresses:0=192.0.2.1"], Path.Combine(AppContext.BaseDirectory, "config"), withEnvironment: false);
        var trunk = Assert.Single(SipSetup.Trunks(OptionsReader.Read<SipOptions>(configuration, SipOptions.Section)).All);
        Assert.Null(trunk.Names(System.Net.IPAddress.IPv6Loopback));
        Assert.NotNull(trunk.Names(System.Net.IPAddress.Parse("192.0.2.1")));
    }

    [Theory]
    [InlineData("MD5", DigestAlgorithm.Md5)]
    [InlineData("md5,sha-256", DigestAlgorithm.Md5, DigestAlgorithm.Sha256)]
    public void Read_Digests_AreOfferedInTheirOrder(string digests, params DigestAlgorithm[] expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Sip:Digests", digests)]).Build();
        Assert.Equal(expected, OptionsReader.Read<SipOptions>(configuration, SipOptions.Section).DigestAlgorithms);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SHA-1")]
    [InlineData("MD5, MD5")]
    public void Read_WrongDigests_NamesTheKey(string digests)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Sip:Digests", digests)]).Build();
        Assert.Equal("Sip:Digests", Assert.Throws<ConfigurationException>(() => OptionsReader.Read<SipOptions>(configuration, SipOptions.Section)).Key);
    }

    [Fact]
    public void Read_TlsWithoutCertificate_SaysWhichKeyIsMissing()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Sip:Listen:0", "tls:127.0.0.1:0")]).Build();
        var error = Assert.Throws<ConfigurationException>(() => OptionsReader.Read<SipOptions>(configuration, SipOptions.Section));
        Assert.Equal("Sip:Listen:0", error.Key);
        Assert.Contains("Sip:Tls:CertificateFile", error.Message, StringComparison.Ordinal);
    }

    private static SipOptions Read(params (string Key, string Value)[] values) => OptionsReader.Read<SipOptions>(
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(static v => new KeyValuePair<string, string?>($"Sip:Trunks:provider:{v.Key}", v.Value))).Build(),
        SipOptions.Section);
}
