using VoiceGateway.Abstractions;
using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>What the statuses of a REFER and of the call that it asked for mean to whoever wanted the transfer.</summary>
public static class ReferOutcomes
{
    public static TransferOutcome Of(SipReferralResult result) => result.End switch
    {
        SipReferralEnd.CallEnded => Of(TransferStatus.CallerGone, null),
        // On their way, and nothing will be heard of it: not known to have arrived.
        SipReferralEnd.Accepted or SipReferralEnd.Unreported => Of(TransferStatus.Failed, null),
        SipReferralEnd.Refused => Of(OfRefer(result.StatusCode), result.StatusCode),
        _ => Of(OfTarget(result.StatusCode), result.StatusCode),
    };

    /// <summary>With the words that the model can pass on.</summary>
    public static TransferOutcome Of(TransferStatus status, int? sipStatus) => new(status, sipStatus, status switch
    {
        TransferStatus.Connected => "The caller has been connected.",
        TransferStatus.Busy => "The line is busy.",
        TransferStatus.NoAnswer => "Nobody answered.",
        TransferStatus.Declined => "The call was declined.",
        TransferStatus.UnknownTarget => "There is nobody at that number.",
        TransferStatus.NotSupported => "This telephone line cannot transfer calls.",
        TransferStatus.CallerGone => "The caller has hung up.",
        _ => "The transfer did not work for a technical reason.",
    });

    /// <summary>The caller's side, asked to call somebody.</summary>
    private static TransferStatus OfRefer(int? status) => status switch
    {
        // 401, 403, 407, 429: a trunk that does not let its customers do this.
        401 or 403 or 405 or 407 or 420 or 429 or 489 or 501 => TransferStatus.NotSupported,
        603 => TransferStatus.Declined,
        481 => TransferStatus.CallerGone,
        404 or 410 or 416 or 484 or 485 or 604 => TransferStatus.UnknownTarget,
        486 or 600 => TransferStatus.Busy,
        _ => TransferStatus.Failed,
    };

    /// <summary>The target, called by the caller's side.</summary>
    private static TransferStatus OfTarget(int? status) => status switch
    {
        >= 200 and < 300 => TransferStatus.Connected,
        486 or 600 => TransferStatus.Busy,
        408 or 480 or 487 => TransferStatus.NoAnswer,
        403 or 603 or 607 or 608 => TransferStatus.Declined,
        404 or 410 or 416 or 484 or 485 or 604 => TransferStatus.UnknownTarget,
        _ => TransferStatus.Failed,
    };
}
