namespace VoiceGateway.Sip;

/// <summary>
/// Who may speak with us. Both are asked on the receiving threads, at the same time by several: they must be quick and must not block.
/// </summary>
public interface ISipGatekeeper
{
    /// <summary>
    /// Whether this is a peer of ours, by its address or certificate. Asked for each connection and nearly every message, before it is read: it must
    /// allocate nothing. Strangers get no answer that would tell them what we are, and stricter limits (<see cref="SipGuardOptions"/>).
    /// </summary>
    bool Knows(in SipSource source);

    /// <summary>
    /// The same by the address alone (4 or 16 bytes in the order of the network), asked first for what comes by UDP: in a flood of invented addresses
    /// an object for each would be made for nothing. Null: that cannot be said, and <see cref="Knows"/> is asked.
    /// </summary>
    bool? KnowsAddress(ReadOnlySpan<byte> address) => null;

    /// <summary>Asked for each new request outside of a dialog, strangers' included, before anything is done for it. Not for OPTIONS, ACK and CANCEL.</summary>
    SipAdmission Admit(SipRequest request, in SipSource source);
}
