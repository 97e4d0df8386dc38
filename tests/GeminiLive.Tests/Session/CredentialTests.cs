using System.Diagnostics;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Tokens that are fetched, and that no secret comes back out.</summary>
public sealed class CredentialTests
{
    private const string Secret = "ya29.very-secret";
    private readonly LiveSessionOptions _options = new() { ConnectTimeout = TimeSpan.FromSeconds(5) };

    [Fact]
    public async Task TokenSource_BeforeEachConnection_IsAskedAnew()
    {
        var headers = new List<string?>();
        await using var server = new LoopbackServer(async connection =>
        {
            lock (headers) headers.Add(connection.Header("Authorization"));
            await connection.RefuseAsync("503 Service Unavailable");
        });
        int asked = 0;
        LiveEndpoint endpoint = Keyless(server) with { BearerTokenSource = _ => new ValueTask<string>($"token-{++asked}\n") };
        await ConnectAsync(endpoint);
        await ConnectAsync(endpoint);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], headers);
    }

    [Fact]
    public async Task EphemeralToken_GoesIntoTheHeaderAndNotIntoTheAddress()
    {
        string request = "";
        await using var server = new LoopbackServer(async connection =>
        {
            request = connection.Request;
            await connection.RefuseAsync("503 Service Unavailable");
        });
        await ConnectAsync(server.Endpoint with { ApiKey = "auth_tokens/" + Secret });
        string[] lines = request.Split("\r\n");
        Assert.Equal("GET /ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContentConstrained HTTP/1.1", lines[0]);
        Assert.Contains($"Authorization: Token auth_tokens/{Secret}", lines);
        Assert.DoesNotContain("x-goog-api-key", request);
    }

    [Theory]
    [InlineData(true, LiveRetry.Never)]
    [InlineData(false, LiveRetry.Later)]
    public async Task TokenSource_SaysWhyNot_ItsWordsAndAdviceAreKept(bool permanent, LiveRetry retry)
    {
        LiveFailure failure = await FailAsync(_ => throw new LiveCredentialException("no key file", permanent, new IOException(Secret)));
        Assert.Equal((LiveCloseKind.AuthenticationFailed, retry, "no key file"), (failure.Kind, failure.Retry, failure.Reason));
    }

    [Fact]
    public async Task TokenSource_Throws_IsRetriedLaterAndNotQuoted()
    {
        LiveFailure failure = await FailAsync(_ => throw new HttpRequestException($"refused {Secret}"));
        Assert.Equal((LiveCloseKind.AuthenticationFailed, LiveRetry.Later), (failure.Kind, failure.Retry));
        Assert.Contains("HttpRequestException", failure.Reason);
    }

    [Theory]
    [InlineData("", LiveRetry.Later)]
    [InlineData(" \n", LiveRetry.Later)]
    [InlineData(Secret + "\nline", LiveRetry.Never)]
    public async Task TokenSource_GivesNoToken_IsAnAuthenticationFailure(string token, LiveRetry retry)
    {
        LiveFailure failure = await FailAsync(_ => new ValueTask<string>(token));
        Assert.Equal((LiveCloseKind.AuthenticationFailed, retry), (failure.Kind, failure.Retry));
    }

    [Fact]
    public async Task TokenSource_NeverAnswers_IsBoundedByTheConnectTimeout()
    {
        long start = Stopwatch.GetTimestamp();
        LiveFailure failure = await FailAsync(
            _ => new ValueTask<string>(new TaskCompletionSource<string>().Task), TimeSpan.FromMilliseconds(100));
        Assert.Equal((LiveCloseKind.AuthenticationFailed, LiveRetry.Later), (failure.Kind, failure.Retry));
        Assert.Contains("0.1 s", failure.Reason);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task TokenSource_CallerGivesUp_Throws()
    {
        using var cancellation = new CancellationTokenSource(50);
        LiveEndpoint endpoint = LiveEndpoint.Vertex("p", "global") with
        {
            BearerTokenSource = async token =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return "";
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => LiveSession.ConnectAsync(endpoint, Setups.Minimal, new SilentHandler(), _options, cancellation.Token));
    }

    [Fact]
    public async Task Server_QuotesAFetchedToken_ItIsStruckOutOfTheCloseAsWell()
    {
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await connection.CloseAsync(1008, $"{Secret} was revoked");
            await connection.ReceiveAllAsync();
        });
        LiveConnectResult result = await ConnectAsync(Keyless(server) with { BearerTokenSource = _ => new ValueTask<string>(Secret) });
        await using LiveSession session = result.Session!;
        LiveClose close = await session.Completion;
        Assert.Equal("*** was revoked", close.Reason);
        Assert.DoesNotContain(Secret, close.ToString() + close.Exception + session);
    }

    [Fact]
    public async Task Connect_Traced_NoTagHoldsTheCredential()
    {
        var seen = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("System.Net", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (seen) seen.AddRange(activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"));
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = new LoopbackServer(connection => connection.RefuseAsync("503 Service Unavailable"));
        await ConnectAsync(server.Endpoint with { ApiKey = "auth_tokens/" + Secret });
        lock (seen) Assert.DoesNotContain(seen, tag => tag.Contains(Secret, StringComparison.Ordinal));
    }

    private static LiveEndpoint Keyless(LoopbackServer server) => server.Endpoint with { ApiKey = null };

    private async Task<LiveFailure> FailAsync(Func<CancellationToken, ValueTask<string>> source, TimeSpan? timeout = null)
    {
        LiveEndpoint endpoint = new LiveEndpoint(new Uri("ws://127.0.0.1:1"), null) { BearerTokenSource = source };
        LiveConnectResult result = await LiveSession.ConnectAsync(
            endpoint, Setups.Minimal, new SilentHandler(), _options with { ConnectTimeout = timeout ?? _options.ConnectTimeout });
        LiveFailure failure = result.Failure!;
        Assert.DoesNotContain(Secret, failure.ToString() + failure.Reason + failure.Exception);
        return failure;
    }

    private Task<LiveConnectResult> ConnectAsync(LiveEndpoint endpoint) =>
        LiveSession.ConnectAsync(endpoint, Setups.Minimal, new SilentHandler(), _options);
}
