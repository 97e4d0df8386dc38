namespace VoiceGateway.GeminiLive.Tests;

/// <summary>However a connection ends, its socket ends with it: a gateway runs for months.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class SocketsTests
{
    private const int Times = 12;

    private static readonly LiveLinkOptions Options = new() { FirstBackOff = TimeSpan.FromMilliseconds(10), MostBackOff = TimeSpan.FromMilliseconds(10) };

    [Theory]
    [InlineData("refused")]
    [InlineData("refused, connection kept alive")]
    [InlineData("closed in setup")]
    [InlineData("abandoned")]
    [InlineData("abandoned, server hangs")]
    [InlineData("reset")]
    [InlineData("setup never completes")]
    public async Task Connection_Over_LeavesNoSocket(string ending)
    {
        if (!OperatingSystem.IsLinux()) return;
        await using var server = new LinkServer();
        var handler = new LinkHandler();
        var options = Options with { Session = new LiveSessionOptions { SetupTimeout = TimeSpan.FromMilliseconds(ending.StartsWith("setup", StringComparison.Ordinal) ? 100 : 10_000) } };
        await using var link = new LiveLink([new LiveRoute("one", server.Endpoint, Setups.Minimal)], handler, options);
        Assert.Null(await link.StartAsync(CancellationToken.None));
        await handler.UntilAsync("up 1");
        var before = Sockets();
        for (var i = 1; i <= Times; i++)
        {
            switch (ending)
            {
                case "refused":
                    server.RefuseNext("503 Service Unavailable");
                    link.Reconnect();
                    break;
                case "refused, connection kept alive":
                    server.NextDoor(async connection =>
                    {
                        await connection.SendRawAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                        await connection.HangAsync();
                        return false;
                    });
                    link.Reconnect();
                    break;
                case "closed in setup":
                    server.CloseNextInSetup(1011, "Internal error.");
                    link.Reconnect();
                    break;
                case "abandoned, server hangs":
                    if (i < Times)
                        server.NextDoor(async connection =>
                        {
                            await connection.UpgradeAsync();
                            await connection.ReceiveTextAsync();
                            await connection.SendTextAsync("""{"setupComplete":{}}""");
                            await connection.HangAsync();
                            return false;
                        });
                    link.Reconnect();
                    break;
                case "setup never completes":
                    server.NextDoor(async connection =>
                    {
                        await connection.UpgradeAsync();
                        await connection.ReceiveAllAsync();
                        return false;
                    });
                    link.Reconnect();
                    break;
                case "reset":
                    (await server.PeerAsync(i)).Connection.Reset();
                    break;
                default:
                    link.Reconnect();
                    break;
            }
            await handler.UntilAsync($"up {i + 1}");
        }
        // The hanging server keeps its own end of each.
        var kept = ending.EndsWith("hangs", StringComparison.Ordinal) || ending.EndsWith("alive", StringComparison.Ordinal) ? Times : 0;
        await Until.TrueAsync(() => Sockets() <= before + kept + 2, $"{Sockets() - before} sockets more than before");
    }

    private static int Sockets() => Directory.EnumerateFiles("/proc/self/fd").Count(static f =>
    {
        try
        {
            return File.ResolveLinkTarget(f, returnFinalTarget: false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false;
        }
    });
}
