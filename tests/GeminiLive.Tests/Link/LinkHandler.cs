using System.Collections.Concurrent;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>A conversation for the tests of <see cref="LiveLink"/>: writes down what becomes of its connections too.</summary>
internal sealed class LinkHandler : RecordingHandler, ILiveLinkHandler
{
    // Written by the link, which may go on while a test reads.
    private readonly ConcurrentQueue<LinkUp> _ups = new();
    private readonly ConcurrentQueue<LinkDown> _downs = new();
    private readonly ConcurrentQueue<LiveFailure> _failures = new();

    public volatile bool Quiet = true;

    public ConcurrentQueue<LiveContent> Said { get; } = new();

    public LinkUp[] Ups => [.. _ups];

    public LinkDown[] Downs => [.. _downs];

    public LiveFailure[] Failures => [.. _failures];

    public Action<LinkUp>? WhenUp { get; set; }

    public bool IsQuiet => Quiet;

    public IReadOnlyList<LiveContent> History() => [.. Said];

    public void OnLinkDown(LinkDown down)
    {
        _downs.Enqueue(down);
        Note($"down {down.Cause}");
    }

    public void OnLinkUp(LinkUp up)
    {
        _ups.Enqueue(up);
        WhenUp?.Invoke(up);
        Note($"up {_ups.Count}");
    }

    public void OnAttemptFailed(LiveRoute route, LiveFailure failure)
    {
        _failures.Enqueue(failure);
        Note($"failed {route.Name} {failure.Kind}");
    }
}
