using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class ConnectTests : IDisposable
{
    private const string Key = "secret-key-of-the-test";
    private readonly CountingPool _pool = new();
    private readonly RecordingHandler _handler = new();

    private LiveSessionOptions Options => new() { BufferPool = _pool };

    public void Dispose()
    {
        Assert.Equal(0, _pool.Outstanding);
        Assert.Equal(0, _pool.ReturnedWrongly);
    }

    [Fact]
    public async Task Connect_ServerAgrees_SendsKeyInHeaderAndSetupFirst()
    {
        string request = "", setup = "";
        await using var server = new LoopbackServer(async connection =>
        {
            request = connection.Request;
            await connection.UpgradeAsync();
            setup = (await connection.ReceiveTextAsync())!;
            await connection.SendTextAsync("{\n  \"setupComplete\": {}\n}\n");
            await connection.ReceiveAllAsync();
        });

        LiveConnectResult result = await ConnectAsync(server.Endpoint);

        Assert.True(result.IsConnected, result.ToString());
        Assert.Equal("Live(gemini-3.8-live)", result.Session.ToString());
        await result.Session.DisposeAsync();
        string[] lines = request.Split("\r\n");
        Assert.Equal("GET /ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent HTTP/1.1", lines[0]);
        Assert.Contains($"x-goog-api-key: {Key}", lines);
        Assert.Equal("models/gemini-3.8-live", (string?)JsonNode.Parse(setup)!["setup"]!["model"]);
        Assert.Equal((LiveCloseKind.ClosedHere, LiveRetry.Never), (await Kind(result.Session), (await result.Session.Completion).Retry));
    }

    [Fact]
    public async Task Connect_BearerToken_GoesIntoAuthorization()
    {
        string request = "";
        await using var server = new LoopbackServer(async connection =>
        {
            request = connection.Request;
            await connection.RefuseAsync("503 Service Unavailable");
        });
        await ConnectAsync(server.Endpoint with { ApiKey = null, BearerToken = "token\n" });
        Assert.Contains("Authorization: Bearer token", request.Split("\r\n"));
        Assert.DoesNotContain("x-goog-api-key", request);
    }

    [Theory]
    [InlineData("401 Unauthorized", LiveCloseKind.AuthenticationFailed, LiveRetry.Never)]
    [InlineData("403 Forbidden", LiveCloseKind.AuthenticationFailed, LiveRetry.Never)]
    [InlineData("404 Not Found", LiveCloseKind.EndpointNotFound, LiveRetry.Never)]
    [InlineData("429 Too Many Requests", LiveCloseKind.QuotaExceeded, LiveRetry.Later)]
    [InlineData("503 Service Unavailable", LiveCloseKind.ServiceUnavailable, LiveRetry.Later)]
    public async Task Connect_UpgradeRefused_CollectsTheStatus(string status, LiveCloseKind kind, LiveRetry retry)
    {
        await using var server = new LoopbackServer(connection => connection.RefuseAsync(status, "Retry-After: 7\r\n"));
        LiveFailure failure = await FailAsync(server.Endpoint);
        Assert.Equal((kind, retry), (failure.Kind, failure.Retry));
        Assert.Equal(int.Parse(status[..3]), failure.HttpStatus);
        Assert.Equal(TimeSpan.FromSeconds(7), failure.RetryAfter);
    }

    [Fact]
    public async Task Connect_RedirectElsewhere_DoesNotTakeTheKeyThere()
    {
        bool followed = false;
        await using var elsewhere = new LoopbackServer(connection =>
        {
            followed = true;
            return Task.CompletedTask;
        });
        await using var server = new LoopbackServer(connection => connection.RefuseAsync(
            "302 Found", $"Location: http://{elsewhere.Endpoint.BaseUri.Authority}/\r\n"));
        LiveFailure failure = await FailAsync(server.Endpoint);
        Assert.Equal((LiveCloseKind.UpgradeRefused, 302), (failure.Kind, failure.HttpStatus));
        Assert.False(followed);
    }

    [Fact]
    public async Task Connect_NobodyListens_IsNetworkLost()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = new LiveEndpoint(new Uri($"ws://{listener.LocalEndpoint}"), Key);
        listener.Stop();
        LiveFailure failure = await FailAsync(endpoint);
        Assert.Equal((LiveCloseKind.NetworkLost, LiveRetry.Later), (failure.Kind, failure.Retry));
    }

    [Fact]
    public async Task Connect_UpgradeNeverAnswered_TimesOut()
    {
        await using var server = new LoopbackServer(connection => connection.HangAsync());
        LiveFailure failure = await FailAsync(server.Endpoint, Options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        Assert.Equal((LiveCloseKind.ConnectTimedOut, LiveRetry.Later), (failure.Kind, failure.Retry));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_TlsNeverAnswered_TimesOut(bool portable)
    {
        // The kernel takes the connection, and nobody else does.
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = new LiveEndpoint(new Uri($"wss://{listener.LocalEndpoint}"), Key);
        LiveFailure failure = await FailAsync(
            endpoint, Options with { Trust = TestCertificate.Trusting(portable), ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        Assert.Equal((LiveCloseKind.ConnectTimedOut, LiveRetry.Later), (failure.Kind, failure.Retry));
        listener.Stop();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_UntrustedCertificate_IsTlsFailed(bool portable)
    {
        await using var server = LoopbackServer.SetUp(connection => connection.ReceiveAllAsync(), TestCertificate.Instance);
        LiveFailure failure = await FailAsync(server.Endpoint, Options with { Trust = new LiveTrust([], portable) });
        Assert.Equal((LiveCloseKind.TlsFailed, LiveRetry.Never), (failure.Kind, failure.Retry));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_TrustedCertificate_Talks(bool portable)
    {
        await using var server = LoopbackServer.SetUp(
            async connection =>
            {
                await connection.SendTextAsync("""{"serverContent":{"turnComplete":true}}""");
                await connection.ReceiveAllAsync();
            },
            TestCertificate.Instance);
        LiveConnectResult result = await ConnectAsync(server.Endpoint, Options with { Trust = TestCertificate.Trusting(portable) });
        Assert.True(result.IsConnected, result.ToString());
        await using LiveSession session = result.Session;
        Assert.True(session.TrySendAudio(new short[320]));
        await _handler.UntilAsync("turn");
    }

    /// <summary>What comes in one segment with the answer to the upgrade, or stands before it, is nobody's loss.</summary>
    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n")]
    [InlineData(true, "HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n")]
    public async Task Connect_ServerSpeaksWithItsAgreement_IsHeard(bool portable, string before)
    {
        byte[] ready = Encoding.UTF8.GetBytes("""{"setupComplete":{}}""");
        await using var server = new LoopbackServer(
            async connection =>
            {
                // A whole text frame (RFC 6455 5.2).
                await connection.UpgradeAsync(before, [0x81, (byte)ready.Length, .. ready]);
                await connection.ReceiveTextAsync();
                await connection.SendTextAsync("""{"serverContent":{"turnComplete":true}}""");
                await connection.ReceiveAllAsync();
            },
            TestCertificate.Instance);
        LiveConnectResult result = await ConnectAsync(server.Endpoint, Options with { Trust = TestCertificate.Trusting(portable) });
        Assert.True(result.IsConnected, result.ToString());
        await using LiveSession session = result.Session;
        await _handler.UntilAsync("turn");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_AuthorityOfOnesOwn_IsTrusted(bool portable)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, TestCertificate.Authority.ExportCertificatePem());
            await using var server = LoopbackServer.SetUp(connection => connection.ReceiveAllAsync(), TestCertificate.OfAuthority("127.0.0.1"));
            LiveConnectResult result = await ConnectAsync(server.Endpoint, Options with { Trust = LiveTrust.FromPemFile(file, portable) });
            Assert.True(result.IsConnected, result.ToString());
            await result.Session.DisposeAsync();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_AuthorityOfOnesOwn_CannotMakeAnotherNameRight(bool portable)
    {
        await using var server = LoopbackServer.SetUp(connection => connection.ReceiveAllAsync(), TestCertificate.OfAuthority("127.0.0.2"));
        LiveConnectResult result = await ConnectAsync(server.Endpoint, Options with { Trust = new LiveTrust([TestCertificate.Authority], portable) });
        Assert.Equal(LiveCloseKind.TlsFailed, result.Failure?.Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_AuthorityOfOnesOwn_SpeaksForNobodyElse(bool portable)
    {
        await using var server = LoopbackServer.SetUp(connection => connection.ReceiveAllAsync(), TestCertificate.Instance);
        LiveConnectResult result = await ConnectAsync(server.Endpoint, Options with { Trust = new LiveTrust([TestCertificate.Authority], portable) });
        Assert.Equal(LiveCloseKind.TlsFailed, result.Failure?.Kind);
    }

    [Fact]
    public void Trust_FileWithoutACertificate_IsRefused()
    {
        string file = Path.GetTempFileName();
        try
        {
            Assert.Throws<System.Security.Cryptography.CryptographicException>(() => LiveTrust.FromPemFile(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Connect_NoHttpServer_IsNetworkLost()
    {
        await using var server = new LoopbackServer(connection => connection.SendRawAsync("SIP/2.0 400 What\r\n\r\n"u8.ToArray()));
        Assert.Equal(LiveCloseKind.NetworkLost, (await FailAsync(server.Endpoint)).Kind);
    }

    [Fact]
    public async Task Connect_SetupCompleteNeverComes_TimesOut()
    {
        await using var server = new LoopbackServer(async connection =>
        {
            await connection.UpgradeAsync();
            await connection.ReceiveTextAsync();
            await connection.SendTextAsync("""{"sessionResumptionUpdate":{}}""");
            await connection.HangAsync();
        });
        long start = Stopwatch.GetTimestamp();
        LiveFailure failure = await FailAsync(server.Endpoint, Options with { SetupTimeout = TimeSpan.FromMilliseconds(200) });
        Assert.Equal((LiveCloseKind.SetupTimedOut, LiveRetry.Later), (failure.Kind, failure.Retry));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(1007, "API key not valid. Please pass a valid API key.", LiveCloseKind.AuthenticationFailed)]
    [InlineData(1007, "Invalid JSON payload received. Unknown name \"x\"", LiveCloseKind.ContractViolated)]
    [InlineData(1008, "models/x is not found for API version v1beta", LiveCloseKind.ModelNotFound)]
    [InlineData(1011, "Resource has been exhausted (e.g. check quota).", LiveCloseKind.QuotaExceeded)]
    public async Task Connect_ClosedInPlaceOfSetupComplete_KeepsCodeAndReason(int code, string reason, LiveCloseKind kind)
    {
        await using var server = new LoopbackServer(async connection =>
        {
            await connection.UpgradeAsync();
            await connection.ReceiveTextAsync();
            await connection.CloseAsync(code, reason);
            await connection.ReceiveAllAsync();
        });
        LiveFailure failure = await FailAsync(server.Endpoint);
        Assert.Equal((kind, code, reason), (failure.Kind, failure.CloseCode, failure.Reason));
    }

    [Fact]
    public async Task Connect_ServerQuotesTheKey_ItIsStruckOut()
    {
        await using var server = new LoopbackServer(async connection =>
        {
            await connection.UpgradeAsync();
            await connection.ReceiveTextAsync();
            await connection.CloseAsync(1007, $"API key {Key} not valid");
            await connection.ReceiveAllAsync();
        });
        Assert.Equal("API key *** not valid", (await FailAsync(server.Endpoint)).Reason);
    }

    [Fact]
    public async Task Connect_Cancelled_Throws()
    {
        await using var server = new LoopbackServer(async connection =>
        {
            await connection.UpgradeAsync();
            await connection.HangAsync();
        });
        using var cancellation = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => LiveSession.ConnectAsync(server.Endpoint, Setups.Minimal, _handler, Options, cancellation.Token));
    }

    [Fact]
    public async Task Connect_CancelledBeforeTheUpgrade_Throws()
    {
        await using var server = new LoopbackServer(connection => connection.HangAsync());
        using var cancellation = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => LiveSession.ConnectAsync(server.Endpoint, Setups.Minimal, _handler, Options, cancellation.Token));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "m", "ws://")]
    [InlineData("ws://127.0.0.1:1", " ", "model")]
    public async Task Connect_UnusableConfiguration_SaysWhat(string uri, string model, string word)
    {
        LiveConnectResult result = await LiveSession.ConnectAsync(
            new LiveEndpoint(new Uri(uri), Key), new LiveSetup { Model = model }, _handler, Options);
        Assert.Equal(LiveCloseKind.InvalidConfiguration, result.Failure!.Kind);
        Assert.Contains(word, result.Failure.Reason);
    }

    [Fact]
    public async Task Connect_ModalityText_IsRefusedBeforeAnythingIsSent()
    {
        LiveConnectResult result = await LiveSession.ConnectAsync(
            new LiveEndpoint(new Uri("ws://127.0.0.1:1"), Key), Setups.Minimal with { ResponseModality = "TEXT" }, _handler, Options);
        Assert.Equal((LiveCloseKind.InvalidConfiguration, LiveRetry.Never), (result.Failure!.Kind, result.Failure.Retry));
        Assert.Contains("TEXT", result.Failure.Reason);
    }

    [Fact]
    public async Task Connect_ContractLeavesSomethingOut_TheSessionTells()
    {
        await using var server = LoopbackServer.SetUp(connection => connection.ReceiveAllAsync());
        var setup = Setups.Minimal with { Thinking = new LiveThinking { Level = LiveThinkingLevel.Low } };
        LiveConnectResult result = await LiveSession.ConnectAsync(server.Endpoint, setup, _handler, Options);
        await using LiveSession session = result.Session!;
        Assert.Contains("thinkingConfig", Assert.Single(session.OmittedSettings));
    }

    private static async Task<LiveCloseKind> Kind(LiveSession session) => (await session.Completion).Kind;

    private Task<LiveConnectResult> ConnectAsync(LiveEndpoint endpoint, LiveSessionOptions? options = null) =>
        LiveSession.ConnectAsync(endpoint, Setups.Minimal, _handler, options ?? Options);

    private async Task<LiveFailure> FailAsync(LiveEndpoint endpoint, LiveSessionOptions? options = null)
    {
        LiveConnectResult result = await ConnectAsync(endpoint, options);
        Assert.False(result.IsConnected);
        LiveFailure failure = result.Failure;
        Assert.NotEqual("", failure.Reason);
        foreach (string text in (string[])[failure.ToString(), failure.Reason ?? "", failure.Exception?.ToString() ?? ""])
            Assert.DoesNotContain(Key, text, StringComparison.Ordinal);
        Assert.Equal(0, _pool.Outstanding);
        return failure;
    }
}
