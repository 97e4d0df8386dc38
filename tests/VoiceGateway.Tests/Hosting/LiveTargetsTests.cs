using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.GeminiLive;
using VoiceGateway.Hosting;
using VoiceGateway.Routing;

namespace VoiceGateway.Tests.Hosting;

public sealed class LiveTargetsTests : IDisposable
{
    private static readonly Uri Simulator = new("ws://127.0.0.1:4711");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("live");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Open_KeyFile_IsReadForEachConnection()
    {
        var file = Write("key", "  first\r\n");
        var target = await OpenAsync(new LiveOptions { ApiKeyFile = file });
        Assert.Null(target.Endpoint.ApiKey);
        Assert.Equal("first", await target.Endpoint.ApiKeySource!(default));
        File.WriteAllText(file, "second\n");
        Assert.Equal("second", await target.Endpoint.ApiKeySource!(default));
        // Somebody is writing it just now.
        File.WriteAllText(file, "");
        Assert.Equal("second", await target.Endpoint.ApiKeySource!(default));
        File.Delete(file);
        Assert.Equal("second", await target.Endpoint.ApiKeySource!(default));
        Assert.DoesNotContain("second", target.ToString() + target.Endpoint);
    }

    [Theory]
    [InlineData(null, "read")]
    [InlineData(" \n", "empty")]
    [InlineData("zq7 \nzq7", "alone")]
    [InlineData("zq7\u00e9", "alone")]
    public async Task Open_KeyFileThatHoldsNoKey_NamesTheSettingAndNoSecret(string? content, string words)
    {
        var file = content is null ? Path.Combine(_folder.FullName, "none") : Write("key", content);
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => OpenAsync(new LiveOptions { ApiKeyFile = file }));
        Assert.Equal("Live:ApiKeyFile", error.Key);
        Assert.Contains(words, error.Problem);
        Assert.DoesNotContain("zq7", error.Message);
    }

    [Fact]
    public async Task Open_TokenFileWithAKeyInIt_IsRefused()
    {
        Assert.Equal("Live:AccessTokenFile", (await Assert.ThrowsAsync<ConfigurationException>(() => OpenAsync(new LiveOptions { AccessTokenFile = Write("t", "AIkey") }))).Key);
        var target = await OpenAsync(new LiveOptions { AccessTokenFile = Write("t", "auth_tokens/abc\n") });
        Assert.Equal("auth_tokens/abc", await target.Endpoint.ApiKeySource!(default));
    }

    [Fact]
    public async Task Open_Settings_ReachTheLink()
    {
        var target = await OpenAsync(new LiveOptions { RotateAfterSeconds = 60, RotateGraceSeconds = 7, RetryBudgetSeconds = 9, RetryFirstMs = 20, RetryMostMs = 30, MaxSessions = 5 });
        Assert.Equal((60d, 7d, 9d), (target.Link.RotateAfter!.Value.TotalSeconds, target.Link.RotateGrace.TotalSeconds, target.Link.RetryBudget.TotalSeconds));
        Assert.Equal((20d, 30d, 5), (target.Link.FirstBackOff.TotalMilliseconds, target.Link.MostBackOff.TotalMilliseconds, target.MaxSessions));
        Assert.Null((await OpenAsync(new LiveOptions { RotateAfterSeconds = 0 })).Link.RotateAfter);
        Assert.Equivalent(new LiveLinkOptions(), (await OpenAsync(new LiveOptions())).Link);
    }

    [Fact]
    public async Task Open_ChunkAndAuthorities_ReachTheSession()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=proxy", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var authority = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));
        var session = (await OpenAsync(new LiveOptions { ChunkMs = 40, CaFile = Write("ca.pem", authority.ExportCertificatePem()) })).Link.Session;
        Assert.Equal(TimeSpan.FromMilliseconds(40), session.Chunk);
        Assert.Contains("1 of its own", session.Trust!.ToString());
    }

    [Fact]
    public async Task Open_PortableTls_IsDotNets()
    {
        Assert.EndsWith("TLS by .NET", (await OpenAsync(new LiveOptions { PortableTls = true })).Link.Session.Trust!.ToString());
        Assert.EndsWith(OperatingSystem.IsLinux() ? "TLS by OpenSSL" : "TLS by .NET", LiveTrust.OfSystem.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public async Task Open_FileWithoutAuthorities_NamesTheSetting(string? content)
    {
        var file = content is null ? Path.Combine(_folder.FullName, "none") : Write("ca.pem", content);
        Assert.Equal("Live:CaFile", (await Assert.ThrowsAsync<ConfigurationException>(() => OpenAsync(new LiveOptions { CaFile = file }))).Key);
    }

    [Fact]
    public async Task Open_Simulator_IsSaidPlainly()
    {
        var target = await OpenAsync(new LiveOptions(), Simulator);
        Assert.True(target.IsSimulator);
        Assert.Equal("simulator", target.ToString());
        Assert.Equal(["gemini-3.8-live@simulator"], target.RouteNamesFor(new AgentProfile()));
        Assert.Equal("ws://127.0.0.1:4711", (await OpenAsync(new LiveOptions { Endpoint = "ws://127.0.0.1:4711/" })).ToString());
    }

    [Fact]
    public async Task FallbackEndpoint_OfTheDeveloperApi_KeepsWhatItDoesNotName()
    {
        var second = Write("second", "k2");
        var target = await OpenAsync(new LiveOptions { ApiKey = "k1", ApiVersion = "v1alpha" });
        Assert.Equal("wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1.GenerativeService.BidiGenerateContent k1", await Describe(new() { ApiVersion = "v1" }));
        Assert.Equal("wss://proxy.example/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent k1", await Describe(new() { Endpoint = "wss://proxy.example" }));
        Assert.Equal("wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent k2", await Describe(new() { ApiKeyFile = second }));

        async Task<string> Describe(AgentFallback fallback)
        {
            var endpoint = target.FallbackEndpoint!(fallback);
            return $"{endpoint.ConnectUri} {endpoint.ApiKey ?? await endpoint.ApiKeySource!(default)}";
        }
    }

    [Theory]
    [InlineData("""location""", "location", null, "europe-west4")]
    [InlineData("""apiVersion""", "apiVersion", "v1beta1", null)]
    public async Task Open_FallbackThatCannotBe_NamesFileAndKey(string key, string words, string? version, string? location)
    {
        var agent = new AgentProfile { Name = "a", Fallback = [new() { Model = "m" }, new() { ApiVersion = version, Location = location }] };
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => LiveTargets.OpenAsync(new LiveOptions { ApiKey = "k" }, null, [agent], default));
        Assert.Equal($"agents/a.json:fallback[1].{key}", error.Key);
        Assert.Contains(words, error.Message);
    }

    [Fact]
    public async Task Open_FallbackKeyFileMissing_NamesFileAndKey()
    {
        var agent = new AgentProfile { Name = "a", Fallback = [new() { ApiKeyFile = "/nowhere/key" }] };
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => LiveTargets.OpenAsync(new LiveOptions { ApiKey = "k" }, null, [agent], default));
        Assert.Equal("agents/a.json:fallback[0].apiKeyFile", error.Key);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static Task<LiveTarget> OpenAsync(LiveOptions options, Uri? simulator = null) => LiveTargets.OpenAsync(options, simulator, [], default);
}
