using System.Net;
using System.Net.WebSockets;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>RFC 6455 section 4.1.</summary>
public sealed class WebSocketUpgradeTests
{
    // Section 1.3.
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==", Accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    [Fact]
    public void Key_OfTheRfc_IsAcceptedAsTheRfcSays() => Assert.Equal(Accept, WebSocketUpgrade.AcceptFor(Key));

    [Fact]
    public void Key_IsNewEachTimeAndOf16Bytes()
    {
        Assert.NotEqual(WebSocketUpgrade.NewKey(), WebSocketUpgrade.NewKey());
        Assert.Equal(16, Convert.FromBase64String(WebSocketUpgrade.NewKey()).Length);
    }

    [Fact]
    public async Task Request_OnTheWire_IsTheHandshake()
    {
        string request = "";
        await using var server = new LoopbackServer(connection =>
        {
            request = connection.Request;
            return connection.RefuseAsync("503 Service Unavailable");
        });
        await LiveSession.ConnectAsync(server.Endpoint, Setups.Minimal, new SilentHandler());
        string[] lines = request.Split("\r\n");
        Assert.Contains("Connection: Upgrade", lines);
        Assert.Contains("Upgrade: websocket", lines);
        Assert.Contains("Sec-WebSocket-Version: 13", lines);
        Assert.Contains($"Host: {server.Endpoint.BaseUri.Authority}", lines);
        string key = Assert.Single(lines, line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal))["Sec-WebSocket-Key: ".Length..];
        Assert.Equal(16, Convert.FromBase64String(key).Length);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", request);
        Assert.DoesNotContain("Sec-WebSocket-Protocol", request);
    }

    [Theory]
    [InlineData("Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Accept: " + Accept, null)]
    [InlineData("upgrade: WebSocket|connection: keep-alive, UPGRADE|sec-websocket-accept:   " + Accept, null)]
    [InlineData("Connection: Upgrade|Sec-WebSocket-Accept: " + Accept, "Upgrade")]
    [InlineData("Upgrade: h2c|Connection: Upgrade|Sec-WebSocket-Accept: " + Accept, "Upgrade")]
    [InlineData("Upgrade: websocket|Sec-WebSocket-Accept: " + Accept, "Connection")]
    [InlineData("Upgrade: websocket|Connection: close|Sec-WebSocket-Accept: " + Accept, "Connection")]
    [InlineData("Upgrade: websocket|Connection: Upgrade", "Sec-WebSocket-Accept")]
    [InlineData("Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "Sec-WebSocket-Accept")]
    [InlineData("Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Accept: " + Accept + "|Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Extensions")]
    [InlineData("Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Accept: " + Accept + "|Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol")]
    public void Answer_IsHeldToTheRequest(string headers, string? wrong)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.SwitchingProtocols);
        foreach (string line in headers.Split('|')) response.Headers.TryAddWithoutValidation(line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim());
        if (wrong is null)
        {
            WebSocketUpgrade.Check(response.Headers, Key);
            return;
        }

        var fault = Assert.Throws<WebSocketException>(() => WebSocketUpgrade.Check(response.Headers, Key));
        Assert.Contains($"its {wrong} is", fault.Message);
    }

    [Fact]
    public async Task Answer_WithAnotherAccept_FailsTheConnection()
    {
        await using var server = new LoopbackServer(async connection =>
        {
            await connection.SendRawAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"u8.ToArray());
            await connection.HangAsync();
        });
        LiveConnectResult result = await LiveSession.ConnectAsync(server.Endpoint, Setups.Minimal, new SilentHandler());
        Assert.Equal((LiveCloseKind.NetworkLost, null), (result.Failure!.Kind, result.Failure.HttpStatus));
        Assert.Contains("Sec-WebSocket-Accept", result.Failure.Reason);
    }
}
