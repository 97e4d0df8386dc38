using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>A Live server that takes one connection after another, does with each what the test says, and keeps what it hears of each.</summary>
internal sealed class LinkServer : IAsyncDisposable
{
    /// <summary>One connection, from behind its setup.</summary>
    internal sealed class Peer(LoopbackConnection connection, JsonElement setup)
    {
        private readonly ConcurrentQueue<string> _messages = new();

        public LoopbackConnection Connection => connection;

        public JsonElement Setup => setup;

        public string? Handle => setup.TryGetProperty("sessionResumption", out var resumption) && resumption.TryGetProperty("handle", out var handle) ? handle.GetString() : null;

        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Number of each audio frame, and the other messages by their names.</summary>
        public string[] Heard => [.. _messages];

        public int[] Audio => [.. _messages.Where(m => m.StartsWith('#')).Select(m => int.Parse(m[1..]))];

        public Task HandleAsync(string handle) =>
            connection.SendTextAsync($$$"""{"sessionResumptionUpdate":{"newHandle":"{{{handle}}}","resumable":true}}""");

        /// <summary>20 ms of the model's voice.</summary>
        public Task SpeakAsync() => connection.SendTextAsync(
            $$$$"""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"{{{{Convert.ToBase64String(new byte[960])}}}}"}}]}}}""");

        public Task GoAwayAsync(string timeLeft) => connection.SendTextAsync($$$"""{"goAway":{"timeLeft":"{{{timeLeft}}}"}}""");

        public async Task ListenAsync()
        {
            while (await connection.ReceiveTextAsync() is { } text) _messages.Enqueue(Name(text));
            Closed.TrySetResult();
            await connection.CloseAsync(1000, null);
        }

        private static string Name(string text)
        {
            using var json = JsonDocument.Parse(text);
            var message = json.RootElement.EnumerateObject().Single();
            if (message.Name != "realtimeInput") return message.Name;
            var input = message.Value.EnumerateObject().Single();
            if (input.Name == "text") return "text " + input.Value.GetString();
            if (input.Name != "audio") return input.Name;
            return "#" + NumberedFrame.Read(MemoryMarshal.Cast<byte, short>(input.Value.GetProperty("data").GetBytesFromBase64()));
        }
    }

    private readonly LoopbackServer _server;
    private readonly ConcurrentQueue<Func<LoopbackConnection, Task<bool>>> _doors = new();
    private readonly List<Peer> _peers = [];

    public LinkServer() => _server = new LoopbackServer(async connection =>
    {
        if (_doors.TryDequeue(out var door) && !await door(connection)) return;
        await connection.UpgradeAsync();
        using var setup = JsonDocument.Parse((await connection.ReceiveTextAsync())!);
        var peer = new Peer(connection, setup.RootElement.GetProperty("setup").Clone());
        await connection.SendTextAsync("""{"setupComplete":{}}""");
        if (FirstHandle is { } handle) await peer.HandleAsync(handle);
        lock (_peers) _peers.Add(peer);
        await peer.ListenAsync();
    });

    public LiveEndpoint Endpoint => _server.Endpoint;

    public int Connections
    {
        get { lock (_peers) return _peers.Count; }
    }

    /// <summary>Given with <c>setupComplete</c>, as the service does; null: none.</summary>
    public string? FirstHandle { get; set; }

    /// <summary>What the next connection meets before its upgrade. False: it is over.</summary>
    public void NextDoor(Func<LoopbackConnection, Task<bool>> door) => _doors.Enqueue(door);

    public void RefuseNext(string statusLine, int times = 1)
    {
        for (var i = 0; i < times; i++)
            NextDoor(async connection =>
            {
                await connection.RefuseAsync(statusLine);
                return false;
            });
    }

    public void CloseNextInSetup(int code, string reason, int times = 1)
    {
        for (var i = 0; i < times; i++)
            NextDoor(async connection =>
            {
                await connection.UpgradeAsync();
                await connection.ReceiveTextAsync();
                await connection.CloseAsync(code, reason);
                await connection.ReceiveAllAsync();
                return false;
            });
    }

    /// <param name="number">From 1.</param>
    public async Task<Peer> PeerAsync(int number)
    {
        await Until.TrueAsync(() => Connections >= number, $"connection {number}");
        lock (_peers) return _peers[number - 1];
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
