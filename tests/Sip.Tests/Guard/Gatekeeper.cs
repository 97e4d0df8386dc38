using System.Net;

namespace VoiceGateway.Sip.Tests.Guard;

/// <summary>Knows some addresses, and admits as it is told.</summary>
internal sealed class Gatekeeper(params string[] known) : ISipGatekeeper
{
    private readonly IPAddress[] _known = [.. known.Select(IPAddress.Parse)];

    public Func<SipRequest, SipAdmission> Admits { get; set; } = static _ => SipAdmission.Accept();

    public List<string> Asked { get; } = [];

    public bool Knows(in SipSource source)
    {
        foreach (var address in _known)
        {
            if (address.Equals(source.EndPoint.Address))
                return true;
        }

        return false;
    }

    public bool? KnowsAddress(ReadOnlySpan<byte> address)
    {
        Span<byte> octets = stackalloc byte[16];
        foreach (var known in _known)
        {
            if (known.TryWriteBytes(octets, out int length) && address.SequenceEqual(octets[..length]))
                return true;
        }

        return false;
    }

    public SipAdmission Admit(SipRequest request, in SipSource source)
    {
        Asked.Add($"{request.Method} {source}");
        return Admits(request);
    }
}
