namespace VoiceGateway.Sip;

/// <summary>One report about a source; there are few, however many its messages are.</summary>
/// <param name="Source">Over UDP an address that anybody can write into a packet: to ban it may hit somebody else.</param>
/// <param name="Kind">What it did.</param>
/// <param name="IsKnown">Whether it is a peer of ours, whom to ban would be an outage.</param>
/// <param name="User">The user it tried to be, from the message as it came; null where none is named.</param>
/// <param name="Unreported">How many offences of sources like this went unreported since the last report, of this source or, when many offend, of others.</param>
public readonly record struct SipOffence(SipSource Source, SipOffenceKind Kind, bool IsKnown, string? User, long Unreported);
