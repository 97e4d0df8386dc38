namespace VoiceGateway.GeminiLive.Tests;

/// <summary>A conversation for the tests of <see cref="LiveLink"/>: writes down what becomes of its connections too.</summary>
internal sealed class LinkHandler : RecordingHandler, ILiveLinkHandler
{
    public volatile bool Quiet = true;

    public List<LiveContent> Said { get; } = [];

    public List<LinkUp> Ups { get; } = [];

    public List<LinkDown> Downs { get; } = [];

    public List<LiveFailure> Failures { get; } = [];

    public Action<LinkUp>? WhenUp { get; set; }

    public bool IsQuiet => Quiet;

    public IReadOnlyList<LiveContent> History() => [.. Said];

    public void OnLinkDown(LinkDown down)
    {
        Downs.Add(down);
        Note($"down {down.Cause}");
    }

    public void OnLinkUp(LinkUp up)
    {
        Ups.Add(up);
        WhenUp?.Invoke(up);
        Note($"up {Ups.Count}");
    }

    public void OnAttemptFailed(LiveRoute route, LiveFailure failure)
    {
        Failures.Add(failure);
        Note($"failed {route.Name} {failure.Kind}");
    }
}
