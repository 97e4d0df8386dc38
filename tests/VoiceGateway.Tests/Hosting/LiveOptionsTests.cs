using Microsoft.Extensions.Configuration;
using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.Hosting;

namespace VoiceGateway.Tests.Hosting;

public sealed class LiveOptionsTests
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "config");

    [Theory]
    [InlineData("Live:ApiKeyFile", "--Live:ApiKey=AIsecret", "--Live:ApiKeyFile=f")]
    [InlineData("Live:AccessToken", "--Live:ApiKey=AIsecret", "--Live:AccessToken=auth_tokens/secret")]
    [InlineData("Live:AccessTokenFile", "--Live:AccessTokenFile=f", "--Live:AccessToken=auth_tokens/secret")]
    [InlineData("Live:Vertex", "--Live:Vertex:Project=p", "--Live:Vertex:Location=l", "--Live:ApiKey=AIsecret")]
    [InlineData("Live:AccessToken", "--Live:AccessToken=AIsecret")]
    [InlineData("Live:ApiKey", "--Live:ApiKey=auth_tokens/secret")]
    [InlineData("Live:Vertex:Project", "--Live:Vertex:Location=europe-west4")]
    [InlineData("Live:Vertex:Project", "--Live:Vertex:Project=a/b", "--Live:Vertex:Location=europe-west4")]
    [InlineData("Live:Vertex:Location", "--Live:Vertex:Project=p")]
    [InlineData("Live:Vertex:Location", "--Live:Vertex:Project=p", "--Live:Vertex:Location=europe.west")]
    [InlineData("Live:Vertex:ApiVersion", "--Live:Vertex:Project=p", "--Live:Vertex:Location=global", "--Live:Vertex:ApiVersion=v1beta")]
    [InlineData("Live:Vertex:Region", "--Live:Vertex:Region=europe-west4")]
    [InlineData("Live:RotateAfterSeconds", "--Live:RotateAfterSeconds=-1")]
    [InlineData("Live:RotateAfterSeconds", "--Live:RotateAfterSeconds=secret")]
    [InlineData("Live:RetryMostMs", "--Live:RetryFirstMs=5000")]
    [InlineData("Live:ChunkMs", "--Live:ChunkMs=30")]
    [InlineData("Live:Contracts:gemini-4-live:Thinkin", "--Live:Contracts:gemini-4-live:Thinkin=Level")]
    [InlineData("Live:Contracts:gemini-4-live:Thinking", "--Live:Contracts:gemini-4-live:Thinking=7")]
    [InlineData("Live:Contracts:gemini-4-live:Scheduling", "--Live:Contracts:gemini-4-live:Scheduling=perhaps")]
    [InlineData("Live:Contracts:gemini-4-live:MostFunctions", "--Live:Contracts:gemini-4-live:MostFunctions=many")]
    public void Read_WhatCannotBe_NamesTheKeyAndNoSecret(string key, params string[] arguments)
    {
        var error = Assert.Throws<ConfigurationException>(() => Read(arguments));
        Assert.Equal(key, error.Key);
        Assert.DoesNotContain("secret", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Read_EveryContractProperty_CanBeCorrected()
    {
        var live = Read("--Live:Contracts:gemini-4-live:Like=gemini-2.5-flash-native-audio", "--Live:Contracts:gemini-4-live:thinking=level", "--Live:Contracts:gemini-4-live:ConnectionLimit=00:20:00");
        var contract = new LiveContracts(live.Contracts).For("models/gemini-4-live");
        Assert.Equal(GeminiLive.LiveThinkingSupport.Level, contract.Thinking);
        Assert.Equal(TimeSpan.FromMinutes(20), contract.ConnectionLimit);
        Assert.True(contract.ProactivityOptIn);
        Assert.Equal("gemini-4-live", contract.Family);
        Assert.Equal("3.8 live", new LiveContracts(live.Contracts).For("gemini-3.8-live").Family);
    }

    [Fact]
    public void Read_NullInTheFile_IsNotSet()
    {
        const string Json = """{ "Live": { "Endpoint": null, "ApiKey": null, "ApiKeyFile": null, "AccessToken": null, "AccessTokenFile": null, "Vertex": { "Project": null, "Location": null, "CredentialsFile": null }, "Contracts": null } }""";
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Json));
        var live = OptionsReader.Read<LiveOptions>(new ConfigurationBuilder().AddJsonStream(stream).Build(), LiveOptions.Section);
        Assert.Equivalent(new LiveOptions(), live, strict: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false, "--Live:Endpoint=ws://127.0.0.1:1")]
    [InlineData(false, "--Live:ApiKey=k")]
    [InlineData(false, "--Live:ApiKeyFile=f")]
    [InlineData(false, "--Live:AccessToken=auth_tokens/t")]
    [InlineData(false, "--Live:AccessTokenFile=f")]
    [InlineData(false, "--Live:Vertex:Project=p", "--Live:Vertex:Location=global")]
    public void UsesSimulator_OnlyWithoutEndpointAndCredential(bool simulator, params string[] arguments) =>
        Assert.Equal(simulator, Read(arguments).UsesSimulator);

    private static LiveOptions Read(params string[] arguments) =>
        OptionsReader.Read<LiveOptions>(GatewayConfiguration.Load(arguments, Shipped), LiveOptions.Section);
}
