namespace VoiceGateway.GeminiLive;

/// <summary>The one table of what is done about each fault. Which close code, HTTP status and reason make which kind: <c>LiveFaults</c>.</summary>
/// <param name="Talking">A running connection ended so.</param>
/// <param name="Connecting">An attempt to connect ended so.</param>
public sealed record LinkPolicy(LinkStep Talking, LinkStep Connecting)
{
    public static LinkPolicy For(LiveCloseKind kind) => kind switch
    {
        // The network, or the server's housekeeping: the session lives on.
        LiveCloseKind.ClosedByServer => new(LinkStep.Resume, LinkStep.BackOff),
        LiveCloseKind.GoingAway => new(LinkStep.Resume, LinkStep.BackOff),
        LiveCloseKind.NetworkLost => new(LinkStep.Resume, LinkStep.BackOff),
        LiveCloseKind.Defect => new(LinkStep.Resume, LinkStep.BackOff),

        // The service is not well, or nobody knows: give it time.
        LiveCloseKind.ConnectTimedOut => new(LinkStep.BackOff, LinkStep.BackOff),
        LiveCloseKind.SetupTimedOut => new(LinkStep.BackOff, LinkStep.BackOff),
        LiveCloseKind.ServiceUnavailable => new(LinkStep.BackOff, LinkStep.BackOff),
        LiveCloseKind.InternalError => new(LinkStep.BackOff, LinkStep.BackOff),
        LiveCloseKind.Unknown => new(LinkStep.BackOff, LinkStep.BackOff),
        LiveCloseKind.QuotaExceeded => new(LinkStep.BackOff, LinkStep.NextRouteOrBackOff),

        // This session is spoilt, another one is not.
        LiveCloseKind.ContextExhausted => new(LinkStep.Fresh, LinkStep.Fresh),
        LiveCloseKind.EntityNotFound => new(LinkStep.Fresh, LinkStep.Fresh),
        LiveCloseKind.NotImplemented => new(LinkStep.Fresh, LinkStep.Fresh),
        LiveCloseKind.MessageTooBig => new(LinkStep.Fresh, LinkStep.Fresh),
        LiveCloseKind.ContractViolated => new(LinkStep.Fresh, LinkStep.Fresh),
        LiveCloseKind.PolicyViolated => new(LinkStep.Fresh, LinkStep.Fresh),
        LiveCloseKind.ProtocolViolated => new(LinkStep.Fresh, LinkStep.Fresh),

        // The same attempt would fail the same way.
        LiveCloseKind.TlsFailed => new(LinkStep.NextRoute, LinkStep.NextRoute),
        LiveCloseKind.AuthenticationFailed => new(LinkStep.NextRoute, LinkStep.NextRoute),
        LiveCloseKind.AccessDenied => new(LinkStep.NextRoute, LinkStep.NextRoute),
        LiveCloseKind.ModelNotFound => new(LinkStep.NextRoute, LinkStep.NextRoute),
        LiveCloseKind.EndpointNotFound => new(LinkStep.NextRoute, LinkStep.NextRoute),
        LiveCloseKind.UpgradeRefused => new(LinkStep.NextRoute, LinkStep.NextRoute),
        LiveCloseKind.InvalidConfiguration => new(LinkStep.NextRoute, LinkStep.NextRoute),
        LiveCloseKind.ClosedHere => new(LinkStep.NextRoute, LinkStep.NextRoute),

        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no policy yet"),
    };
}
