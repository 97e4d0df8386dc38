using System.Net;
using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.GeminiLive;
using VoiceGateway.Hosting;
using VoiceGateway.Routing;

namespace VoiceGateway.Tests.Hosting;

public sealed class VertexCredentialsTests : IDisposable
{
    private readonly FakeTokenServer _server = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vertex");

    public void Dispose()
    {
        _server.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task GetToken_ServiceAccount_ComesFromTheTokenServerOnceAnHour()
    {
        var credentials = await OpenAsync(_server.ServiceAccount());
        var token = await credentials.GetTokenAsync(default);
        Assert.Equal("token-1_for_https://www.googleapis.com/auth/cloud-platform_by_gateway@project.iam.gserviceaccount.com", token);
        Assert.Equal(token, await credentials.GetTokenAsync(default));
        Assert.Equal(1, _server.Served);
    }

    [Fact]
    public async Task GetToken_NearlyExpired_IsFetchedAnew()
    {
        _server.LifetimeSeconds = 1;
        var credentials = await OpenAsync(_server.ServiceAccount());
        Assert.StartsWith("token-1_", await credentials.GetTokenAsync(default));
        Assert.StartsWith("token-2_", await credentials.GetTokenAsync(default));
    }

    [Fact]
    public async Task GetToken_FileReplaced_HoldsFromTheNextConnectionOn()
    {
        var credentials = await OpenAsync(_server.ServiceAccount());
        await credentials.GetTokenAsync(default);
        var file = Write(_server.ServiceAccount("second@project.iam.gserviceaccount.com"));
        File.SetLastWriteTimeUtc(file, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.EndsWith("second@project.iam.gserviceaccount.com", await credentials.GetTokenAsync(default));
        // Somebody is writing it just now.
        Write("{ \"type\": ");
        Assert.EndsWith("second@project.iam.gserviceaccount.com", await credentials.GetTokenAsync(default));
    }

    [Fact]
    public async Task GetToken_NoFileNamed_ComesFromTheApplicationDefaultCredentials()
    {
        Environment.SetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS", Write(_server.ServiceAccount("default@project.iam.gserviceaccount.com")));
        try
        {
            var credentials = await VertexCredentials.OpenAsync(new LiveVertexOptions(), default);
            Assert.EndsWith("default@project.iam.gserviceaccount.com", await credentials.GetTokenAsync(default));
        }
        finally
        {
            Environment.SetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS", null);
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, true)]
    [InlineData(HttpStatusCode.Forbidden, true)]
    [InlineData(HttpStatusCode.RequestTimeout, false)]
    public async Task GetToken_Refused_SaysWhetherItIsFinal(HttpStatusCode status, bool isPermanent)
    {
        _server.Status = status;
        var credentials = await OpenAsync(_server.ServiceAccount());
        var error = await Assert.ThrowsAsync<LiveCredentialException>(async () => await credentials.GetTokenAsync(default));
        Assert.Equal(isPermanent, error.IsPermanent);
        Assert.Contains($"{(int)status}", error.Message);
    }

    [Theory]
    [InlineData(null, "read")]
    [InlineData("{ }", "type")]
    [InlineData("[]", "no credentials file")]
    [InlineData("private stuff", "no credentials file")]
    [InlineData("""{ "type": "service_account", "client_email": "a@b", "private_key": "private stuff" }""", "no credentials file")]
    [InlineData("""{ "type": "something" }""", "no credentials file")]
    public async Task Open_FileThatHoldsNoCredential_NamesTheSettingAndNothingOfTheFile(string? json, string words)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => OpenAsync(json));
        Assert.Equal("Live:Vertex:CredentialsFile", error.Key);
        Assert.Contains(words, error.Problem);
        Assert.DoesNotContain("private stuff", error.ToString());
    }

    [Fact]
    public async Task Target_Vertex_IsTheRegionsEndpointWithABearerToken()
    {
        var agent = new AgentProfile { Name = "a", Fallback = [new() { Location = "us-central1" }, new() { Model = "other", ApiVersion = "v1" }] };
        var options = new LiveOptions { Vertex = new() { Project = "p1", Location = "europe-west4", CredentialsFile = Write(_server.ServiceAccount()) } };
        var target = await LiveTargets.OpenAsync(options, null, [agent], default);
        var routes = target.RoutesFor(agent, [], new CallVariables("", "", "a", DateTimeOffset.UnixEpoch));
        Assert.Equal(
            [
                "wss://europe-west4-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent",
                "wss://us-central1-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent",
                "wss://europe-west4-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent",
            ],
            routes.Select(static r => r.Endpoint.ConnectUri.ToString()));
        Assert.Equal("projects/p1/locations/us-central1/publishers/google/models/", routes[1].Endpoint.ModelPrefix);
        Assert.StartsWith("token-1_", await routes[2].Endpoint.BearerTokenSource!(default));
    }

    private Task<VertexCredentials> OpenAsync(string? json) =>
        VertexCredentials.OpenAsync(new LiveVertexOptions { CredentialsFile = json is null ? Path.Combine(_folder.FullName, "none.json") : Write(json) }, default);

    private string Write(string json)
    {
        var path = Path.Combine(_folder.FullName, "key.json");
        File.WriteAllText(path, json);
        return path;
    }
}
