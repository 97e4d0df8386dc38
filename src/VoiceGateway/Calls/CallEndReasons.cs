using VoiceGateway.GeminiLive;
using VoiceGateway.Sip;

namespace VoiceGateway.Calls;

/// <summary>The one place that says what an ending means: to SIP, to the metrics, to the caller.</summary>
public static class CallEndReasons
{
    /// <summary>What the end of the signalling says about the end of the call.</summary>
    public static CallEndReason Of(SipCallEnd end) => end.Cause switch
    {
        // The caller's side said that it reached the other, and then left or fell silent: that call went well.
        _ when end.IsTransferred => CallEndReason.Transferred,
        SipCallEndCause.RemoteBye => CallEndReason.CallerHungUp,
        SipCallEndCause.Cancelled => CallEndReason.CallerCancelled,
        SipCallEndCause.NoAck or SipCallEndCause.NoPrack => CallEndReason.NoAck,
        SipCallEndCause.NegotiationFailed => CallEndReason.NotAcceptable,
        SipCallEndCause.Rejected => CallEndReason.Refused,
        SipCallEndCause.Faulted => CallEndReason.InternalError,
        SipCallEndCause.EndpointClosed => CallEndReason.ShuttingDown,
        _ => CallEndReason.SignallingFailed,
    };

    /// <summary>What the end of the last attempt to have a Live session says about the end of the call.</summary>
    /// <param name="kind">Of the failure or close that was not followed by another attempt.</param>
    /// <param name="talking">Whether the model had been there before.</param>
    public static CallEndReason Of(LiveCloseKind kind, bool talking) => kind switch
    {
        LiveCloseKind.QuotaExceeded => CallEndReason.NoSessionQuota,
        LiveCloseKind.AuthenticationFailed or LiveCloseKind.AccessDenied or LiveCloseKind.ModelNotFound or LiveCloseKind.EndpointNotFound
            or LiveCloseKind.TlsFailed or LiveCloseKind.InvalidConfiguration => CallEndReason.LiveMisconfigured,
        // Before the first word it is the setup that is refused; later, something that was sent.
        LiveCloseKind.ContractViolated or LiveCloseKind.NotImplemented or LiveCloseKind.UpgradeRefused or LiveCloseKind.ProtocolViolated when !talking =>
            CallEndReason.LiveMisconfigured,
        LiveCloseKind.Defect => CallEndReason.InternalError,
        _ => talking ? CallEndReason.LiveLost : CallEndReason.LiveUnavailable,
    };

    /// <summary>A conversation that had begun, and whose link found no further connection.</summary>
    public static CallEndReason Of(LiveLinkEnd end) => Of((end.Failure?.Kind ?? end.Close?.Kind).GetValueOrDefault(), talking: true);

    public static CallEndMeaning Meaning(this CallEndReason reason) => reason switch
    {
        CallEndReason.CallerHungUp => new(487, 16, "caller_hung_up", Blame.Caller, false, "The caller hung up"),
        CallEndReason.CallerCancelled => new(487, 16, "caller_cancelled", Blame.Caller, false, "The caller hung up before the answer"),
        CallEndReason.AgentHungUp => new(480, 16, "agent_hung_up", Blame.Nobody, false, "The agent ended the call"),
        CallEndReason.Transferred => new(480, 16, "transferred", Blame.Nobody, false, "The caller was transferred"),
        CallEndReason.CallerIdle => new(480, 16, "caller_idle", Blame.Caller, false, "The caller said nothing"),
        CallEndReason.OperatorHungUp => new(480, 16, "operator_hung_up", Blame.Operator, false, "An operator ended the call"),
        CallEndReason.NoRoute => new(404, 1, "no_route", Blame.Caller, false, "Nobody answers this number"),
        CallEndReason.NotAcceptable => new(488, 88, "not_acceptable", Blame.Caller, false, "No codec in common"),
        CallEndReason.Overloaded => new(503, 42, "overloaded", Blame.Gateway, false, "Too many calls"),
        CallEndReason.NoSessionQuota => new(503, 42, "no_session_quota", Blame.Operator, true, "No agent is free"),
        CallEndReason.NoMediaPort => new(503, 34, "no_media_port", Blame.Gateway, false, "No media port is free"),
        CallEndReason.LiveUnavailable => new(503, 41, "live_unavailable", Blame.Model, true, "The agent cannot be reached"),
        CallEndReason.LiveMisconfigured => new(500, 41, "live_misconfigured", Blame.Operator, true, "The agent is not set up"),
        CallEndReason.LiveLost => new(503, 41, "live_lost", Blame.Model, true, "The agent was lost"),
        CallEndReason.ModelStalled => new(503, 41, "model_stalled", Blame.Model, true, "The agent fell silent"),
        CallEndReason.MediaTimeout => new(480, 102, "media_timeout", Blame.Network, false, "No audio arrived"),
        CallEndReason.MaxDuration => new(480, 16, "max_duration", Blame.Nobody, false, "The longest duration was reached"),
        CallEndReason.NoAck => new(480, 102, "no_ack", Blame.Network, false, "The answer was never acknowledged"),
        CallEndReason.SignallingFailed => new(480, 38, "signalling_failed", Blame.Network, false, "The signalling connection failed"),
        CallEndReason.NoAnswer => new(480, 19, "no_answer", Blame.Caller, false, "Nobody answered"),
        CallEndReason.Refused => new(480, 21, "refused", Blame.Caller, false, "The call was refused"),
        CallEndReason.ShuttingDown => new(503, 41, "shutting_down", Blame.Operator, false, "The gateway is being stopped"),
        CallEndReason.InternalError => new(500, 41, "internal_error", Blame.Gateway, true, "Internal error"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "has no meaning yet"),
    };
}
