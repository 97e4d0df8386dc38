using System.Diagnostics.CodeAnalysis;

namespace VoiceGateway.GeminiLive;

/// <summary>A session that is set up, or why there is none.</summary>
public sealed class LiveConnectResult
{
    internal LiveConnectResult(LiveSession session) => Session = session;

    internal LiveConnectResult(LiveFailure failure) => Failure = failure;

    public LiveSession? Session { get; }

    public LiveFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Session))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsConnected => Session is not null;

    public override string ToString() => IsConnected ? Session.ToString() : Failure.ToString();
}
