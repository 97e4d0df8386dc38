using System.Collections.Concurrent;

namespace VoiceGateway.Sip;

/// <summary>The registrations of an endpoint that have not been disposed.</summary>
internal sealed class RegistrationTable
{
    private readonly ConcurrentDictionary<SipRegistration, byte> _all = new();

    public IEnumerable<SipRegistration> All => _all.Keys;

    public void Add(SipRegistration registration) => _all[registration] = 0;

    public void Remove(SipRegistration registration) => _all.TryRemove(registration, out _);
}
