using System.Text.Json;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class LiveEndpointTests
{
    [Theory]
    [InlineData("wss://generativelanguage.googleapis.com", "v1beta", "wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent")]
    [InlineData("ws://127.0.0.1:9000/", "v1alpha", "ws://127.0.0.1:9000/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent")]
    [InlineData("wss://proxy.example/gemini/", "v1", "wss://proxy.example/gemini/ws/google.ai.generativelanguage.v1.GenerativeService.BidiGenerateContent")]
    public void ConnectUri_HasTheApisPath(string baseUri, string version, string expected) =>
        Assert.Equal(expected, new LiveEndpoint(new Uri(baseUri), "key", version).ConnectUri.AbsoluteUri);

    [Theory]
    [InlineData("europe-west4", "v1beta1", "wss://europe-west4-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent")]
    [InlineData("us-central1", "v1", "wss://us-central1-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent")]
    [InlineData("global", "v1beta1", "wss://aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent")]
    [InlineData("eu", "v1beta1", "wss://aiplatform.eu.rep.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent")]
    public void Vertex_HasItsOwnHostAndMethod(string location, string version, string expected)
    {
        LiveEndpoint endpoint = LiveEndpoint.Vertex("my-project", location, version);
        Assert.Equal(expected, endpoint.ConnectUri.AbsoluteUri);
        Assert.True(endpoint.IsVertex);
        Assert.Equal(version, endpoint.ApiVersion);
        Assert.Null(endpoint.FindFault());
        Assert.Contains("no credential", endpoint.ToString());
    }

    [Theory]
    [InlineData("gemini-x")]
    [InlineData("models/gemini-x")]
    [InlineData("projects/p/locations/l/publishers/google/models/gemini-x")]
    public void Vertex_ModelName_IsAResource(string model) => Assert.Equal(
        "projects/p/locations/l/publishers/google/models/gemini-x", LiveEndpoint.Vertex("p", "l").ModelName(model));

    [Theory]
    [InlineData("p/../q", "global", "v1")]
    [InlineData("", "global", "v1")]
    [InlineData("p", "evil.example/", "v1")]
    [InlineData("p", "global", "v1.Other")]
    public void Vertex_NamesThatWouldChangeTheAddress_AreRefused(string project, string location, string version) =>
        Assert.Throws<ArgumentException>(() => LiveEndpoint.Vertex(project, location, version));

    [Fact]
    public void Ephemeral_Token_TakesItsOwnMethodAndHeader()
    {
        var endpoint = new LiveEndpoint(LiveEndpoint.Google, " auth_tokens/secret-1\n", "v1alpha");
        Assert.True(endpoint.IsEphemeral);
        Assert.Equal(
            "wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained",
            endpoint.ConnectUri.AbsoluteUri);
        Assert.Equal([("Authorization", "Token auth_tokens/secret-1")], endpoint.CredentialHeaders());
        Assert.Null(endpoint.FindFault());
        Assert.NotNull((endpoint with { BearerToken = "t" }).FindFault());
        Assert.Equal("*** and ***", endpoint.Redact("auth_tokens/secret-1 and auth_tokens%2Fsecret-1"));
    }

    [Fact]
    public void Credentials_NeverShow()
    {
        var endpoint = new LiveEndpoint(new Uri("wss://host"), "the-secret-key")
        {
            BearerToken = "the-secret-token",
            BearerTokenSource = _ => new ValueTask<string>("the-secret-of-the-source"),
        };
        Assert.DoesNotContain("secret", endpoint.ToString());
        Assert.DoesNotContain("secret", endpoint.ConnectUri.AbsoluteUri);
        Assert.DoesNotContain("secret", JsonSerializer.Serialize(endpoint));
        Assert.Equal("bad key *** and ***", endpoint.Redact("bad key the-secret-key and the-secret-token"));
    }

    [Theory]
    [InlineData("http://host", "key")]
    [InlineData("wss://host?key=abc", "key")]
    [InlineData("wss://user:pass@host", "key")]
    [InlineData("wss://host", "two words")]
    [InlineData("wss://host", "kéy")]
    [InlineData("wss://host", "line\nbreak")]
    public void Fault_IsFoundWithoutRepeatingTheKey(string uri, string key)
    {
        string fault = new LiveEndpoint(new Uri(uri), key).FindFault()!;
        Assert.NotNull(fault);
        Assert.DoesNotContain(key, fault.Replace("API key", ""));
        Assert.DoesNotContain("abc", fault);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("AIza-plain_key")]
    [InlineData("  AIza-pasted-with-line-end\n")]
    public void Fault_UsableKey_None(string? key) => Assert.Null(new LiveEndpoint(new Uri("wss://host"), key).FindFault());
}
