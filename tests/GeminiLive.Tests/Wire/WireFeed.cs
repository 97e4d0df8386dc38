using System.Text;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Parser and dispatcher without a socket: JSON in, the handler's calls out.</summary>
internal sealed class WireFeed : IDisposable
{
    private readonly DownlinkAudio _audio;
    private readonly ServerMessageDispatcher _dispatcher;

    public WireFeed()
    {
        _audio = new DownlinkAudio(Pool, Counters);
        _dispatcher = new ServerMessageDispatcher(Handler, Counters, _audio);
    }

    public CountingPool Pool { get; } = new();

    public LiveSessionCounters Counters { get; } = new();

    public RecordingHandler Handler { get; } = new();

    public ServerMessage Message { get; } = new();

    public static string[] Events(params string[] messages)
    {
        using var feed = new WireFeed();
        foreach (string message in messages) Assert.True(feed.Take(message), message);
        return feed.Handler.Events;
    }

    /// <returns>False when the message is malformed.</returns>
    public bool Take(string json) => Take(Encoding.UTF8.GetBytes(json));

    public bool Take(byte[] bytes)
    {
        if (!ServerMessageParser.TryParse(bytes, Message)) return false;
        _dispatcher.Dispatch(Message, bytes);
        return true;
    }

    public void Dispose()
    {
        _audio.Dispose();
        Assert.Equal(0, Pool.Outstanding);
        Assert.Equal(0, Pool.ReturnedWrongly);
    }
}
