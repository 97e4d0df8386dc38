using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Calls;

/// <summary>A call to place: whom, and by which way.</summary>
/// <param name="To">Who is called.</param>
public sealed record DialPlan(SipUri To)
{
    /// <summary>Our number, as the callee sees it; null: none.</summary>
    public string? From { get; init; }

    /// <summary>Where the INVITE goes first, which decides from which of our addresses; null: to <see cref="To"/>.</summary>
    public SipUri? NextHop { get; init; }

    /// <summary>Whose calls it counts among; null: nobody's.</summary>
    public Trunk? Trunk { get; init; }

    /// <summary>The last word on the call as it is placed: proxy, credentials, From.</summary>
    public Func<SipOutgoingCall, SipOutgoingCall> Through { get; init; } = static call => call;
}
