using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator.Tests.Hosting;

public sealed class ControlApiTests
{
    [Fact]
    public async Task Sessions_AreListedWithWhatHappenedToThem()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        using var http = Http(server);
        await using var client = await TestClient.StartAsync(server);
        await client.SendAudioAsync(new short[1600]);

        await PostAsync(http, "sessions/session-1/faults", """["missingIds",{"kind":"goAway","timeLeft":"1m"}]""");
        await client.WaitAsync("goAway", static m => m.TryGetProperty("goAway", out _));
        var session = (await http.GetFromJsonAsync<JsonElement>("sessions")).GetProperty("sessions")[0];

        Assert.Equal("session-1", session.GetProperty("id").GetString());
        Assert.True(session.GetProperty("open").GetBoolean());
        Assert.Equal(100, session.GetProperty("audioReceivedMs").GetInt32());
        Assert.Equal(["missingIds", "goAway"], session.GetProperty("faults").EnumerateArray().Select(static fault => fault.GetProperty("kind").GetString()));
        Assert.Equal("missingIds", session.GetProperty("standing")[0].GetProperty("kind").GetString());

        using var cleared = await http.DeleteAsync(new Uri("sessions/session-1/faults", UriKind.Relative));
        Assert.Equal(0, (await cleared.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("standing").GetArrayLength());
    }

    [Fact]
    public async Task Faults_ForAllSessions_ReachEveryOneThatIsOpen()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        using var http = Http(server);
        await using var one = await TestClient.StartAsync(server);
        await using var two = await TestClient.StartAsync(server);

        var answer = await PostAsync(http, "sessions/faults", "\"close:1011\"");
        await Task.WhenAll(one.WaitForCloseAsync(), two.WaitForCloseAsync());

        Assert.Equal(2, answer.GetProperty("injected").GetInt32());
        Assert.Equal((1011, 1011), ((int?)one.CloseStatus, (int?)two.CloseStatus));
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(http, "sessions/session-1/faults", "\"drop\"")).Status);
        Assert.Equal(0, (await PostAsync(http, "sessions/faults", "\"drop\"")).GetProperty("injected").GetInt32());
    }

    [Fact]
    public async Task Faults_ArmedShownAndDisarmed()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        using var http = Http(server);

        var armed = (await PostAsync(http, "faults", """[{"kind":"refuse","status":429,"connections":2},{"randomEvery":"30s","from":["drop"],"seed":7},{"at":"turn:2","kind":"silence"}]""")).GetProperty("armed");
        Assert.Equal(["fault-1", "fault-2", "fault-3"], armed.EnumerateArray().Select(static each => each.GetProperty("id").GetString()));
        await using (var refused = await RawClient.ConnectAsync(server))
            Assert.StartsWith("HTTP/1.1 429", refused.Status, StringComparison.Ordinal);
        using (await http.DeleteAsync(new Uri("faults/fault-2", UriKind.Relative)))
        {
        }

        var left = (await http.GetFromJsonAsync<JsonElement>("faults")).GetProperty("faults");
        Assert.Equal(2, left.GetArrayLength());
        Assert.Equal(1, left[0].GetProperty("connections").GetInt32());
        Assert.Equal("turn:2", left[1].GetProperty("at").GetString());
        using (await http.DeleteAsync(new Uri("faults", UriKind.Relative)))
            Assert.Empty(server.Faults.Armed);
    }

    [Fact]
    public async Task Kinds_TellWhatThereIs()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        using var http = Http(server);

        var kinds = (await http.GetFromJsonAsync<JsonElement>("faults/kinds")).GetProperty("kinds");

        Assert.Equal(Fault.Kinds.Count, kinds.GetArrayLength());
        var goAway = kinds.EnumerateArray().Single(static kind => kind.GetProperty("kind").GetString() == "goAway");
        Assert.Equal("10s", goAway.GetProperty("settings").GetProperty("timeLeft").GetProperty("default").GetString());
        Assert.Equal("once", goAway.GetProperty("nature").GetString());
    }

    [Theory]
    [InlineData("sessions/session-1/faults", """{"kind":"close","code":5}""", "$.code: must be between 1000 and 4999, not 5")]
    [InlineData("sessions/session-1/faults", """["drop","explode"]""", "$[1]: there is no fault \"explode\"")]
    [InlineData("sessions/session-1/faults", """{"kind":"refuse"}""", "$: refuse is for connections to come")]
    [InlineData("sessions/faults", "", "line 1")]
    [InlineData("faults", """{"kind":"drop","at":"noon"}""", "$.at: must be one of connect")]
    public async Task Post_Mistake_Is400AndNamesThePlace_AndNothingHappens(string path, string body, string expected)
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        using var http = Http(server);
        await using var client = await TestClient.StartAsync(server);

        var (status, answer) = await SendAsync(http, path, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(expected, answer.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(server.Sessions.Single().Faults);
        Assert.Empty(server.Faults.Armed);
    }

    [Theory]
    [InlineData("sessions/session-9/faults")]
    [InlineData("nonsense")]
    public async Task Post_Nowhere_Is404(string path)
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        using var http = Http(server);

        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(http, path, "\"drop\"")).Status);
    }

    private static HttpClient Http(LiveSimulatorServer server) => new() { BaseAddress = new Uri($"http://{server.Endpoint.Authority}/control/") };

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, string body)
    {
        var (status, answer) = await SendAsync(http, path, body);
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
