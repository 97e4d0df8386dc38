using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>
/// Who may speak with the gateway: those whom a trunk names, by address, by password, or by both. The others get no answer, unless
/// a password alone would do.
/// <code>
///   address named by a trunk? ── yes ─▶ wants it a password? ── no ─▶ the trunk's call
///            │                                  └─ yes ─▶ digest ─▶ the trunk's call | 401
///            └─ no ─▶ some trunk open to any address? ── yes ─▶ digest
///                                       └─ no ─▶ silence
/// </code>
/// </summary>
public sealed class TrunkGate(TrunkTable trunks, DigestServer digest) : ISipGatekeeper
{
    public bool Knows(in SipSource source) => trunks.At(source.EndPoint.Address) is not null;

    public bool? KnowsAddress(ReadOnlySpan<byte> address) => trunks.At(address) is not null;

    public SipAdmission Admit(SipRequest request, in SipSource source)
    {
        var here = trunks.At(source.EndPoint.Address);
        if (here is { Caller: null }) return SipAdmission.Accept(here, here.Own);
        if (here is null && !trunks.HasOpenTrunks) return SipAdmission.Ignore();
        var verdict = digest.Check(request);
        if (!verdict.IsAccepted) return SipAdmission.Challenge(digest, verdict);
        // The right password from the wrong place is what a thief of passwords has.
        return trunks.Of(verdict.User!, source.EndPoint.Address) is { } trunk
            ? SipAdmission.Accept(trunk, trunk.Own)
            : SipAdmission.Ignore(SipOffenceKind.BadCredentials, verdict.User);
    }
}
