using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Hosting;

public sealed class EmptyErrorsTests
{
    [Fact]
    public async Task Request_ThatReachesNoCodeOfOurs_IsAnsweredInWords()
    {
        await using var rig = await GatewayRig.StartAsync();
        await AssertWordsAsync(HttpStatusCode.BadRequest, "JSON object", HttpMethod.Post, "/api/calls", new StringContent("{", Encoding.UTF8, "application/json"));
        await AssertWordsAsync(HttpStatusCode.UnsupportedMediaType, "application/json", HttpMethod.Post, "/api/calls", new StringContent("to=200", Encoding.UTF8, "application/x-www-form-urlencoded"));
        await AssertWordsAsync(HttpStatusCode.BadRequest, "parameter", HttpMethod.Get, "/api/calls?limit=many", null);
        await AssertWordsAsync(HttpStatusCode.NotFound, "/api/nothing", HttpMethod.Get, "/api/nothing", null);
        await AssertWordsAsync(HttpStatusCode.MethodNotAllowed, "PUT", HttpMethod.Put, "/api/calls", null);

        async Task AssertWordsAsync(HttpStatusCode status, string words, HttpMethod method, string path, HttpContent? content)
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var response = await rig.Http.SendAsync(request);
            Assert.Equal(status, response.StatusCode);
            Assert.Contains(words, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
        }
    }
}
