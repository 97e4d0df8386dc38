namespace VoiceGateway.Sip;

/// <summary>
/// One side of offer/answer (RFC 3264) for one call: the initial exchange and those of every re-INVITE, UPDATE and PRACK after it.
/// Called in the call's mailbox, one at a time; must not block.
/// </summary>
public interface ISessionNegotiator
{
    /// <summary>The answer to the peer's offer; null when nothing in it will do (488, and an established session stays as it is).</summary>
    SessionDescription? Answer(SessionDescription offer);

    /// <summary>
    /// Our offer: for an INVITE or UPDATE that we send, and in the 200 or reliable 183 to an INVITE that came without one. It may come to
    /// nothing: then the session is what was agreed before.
    /// </summary>
    SessionDescription CreateOffer();

    /// <summary>
    /// The peer's answer to our last offer; false when it cannot be used, which ends a new call. Asked for an early answer (183) and
    /// again for the one of the 200, which is the same unless another branch of a forked call answered. A session refresh repeats our last
    /// description, offer or answer, and asks only when the peer's answer to it is not what it was.
    /// </summary>
    bool Accept(SessionDescription answer);
}
