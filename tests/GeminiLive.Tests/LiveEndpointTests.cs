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

    [Fact]
    public void ConnectUri_OtherMethod_IsTaken()
    {
        var endpoint = new LiveEndpoint(new Uri("wss://europe-west4-aiplatform.googleapis.com"), null)
        {
            MethodPath = "/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent",
        };
        Assert.Equal(
            "wss://europe-west4-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent",
            endpoint.ConnectUri.AbsoluteUri);
    }

    [Fact]
    public void Credentials_NeverShow()
    {
        var endpoint = new LiveEndpoint(new Uri("wss://host"), "the-secret-key") { BearerToken = "the-secret-token" };
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
