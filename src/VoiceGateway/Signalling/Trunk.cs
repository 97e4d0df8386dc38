using System.Net;
using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>One <see cref="TrunkOptions"/>, with its secrets read and its calls counted.</summary>
/// <param name="name">As configured; it may be a tag and stand in logs.</param>
/// <param name="options">Checked.</param>
/// <param name="caller">What its calls must prove; null: their address is enough.</param>
/// <param name="own">What we answer its challenges with; null: nothing.</param>
/// <param name="time">By which registrations end; null: the system's.</param>
public sealed class Trunk(string name, TrunkOptions options, SipCredentials? caller, SipCredentials? own, TimeProvider? time = null)
{
    private const int MostRegistrars = 8;

    private static ReadOnlySpan<byte> Mapped => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    private readonly AddressPrefix[] _networks = [.. options.Addresses.Where(static a => !string.IsNullOrEmpty(a)).Select(Network)];
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    // Where a registration leads: that side calls us from there, whatever the configuration says of addresses.
    private volatile Registrar[] _registrars = [];
    private bool _hasShownKeys;
    private int _calls;

    public string Name => name;

    public TrunkOptions Options => options;

    public SipCredentials? Caller => caller;

    public SipCredentials? Own => own;

    public SipUri? Server { get; } = SipUri.TryParse(options.Server, out var server) ? server : null;

    /// <summary>Calls that run, both directions.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Whoever knows the user's password may call, from wherever.</summary>
    public bool IsOpenToAnyAddress => _networks.Length == 0 && caller is not null;

    /// <summary>How narrowly the trunk names this address: bits of the prefix; null: not at all.</summary>
    public int? Names(IPAddress source)
    {
        Span<byte> address = stackalloc byte[16];
        return source.TryWriteBytes(address, out var length) ? Names(address[..length]) : null;
    }

    /// <inheritdoc cref="Names(IPAddress)"/>
    /// <param name="address">4 or 16 bytes in the order of the network; an IPv4 address may be mapped into IPv6 (RFC 4291 section 2.5.5.2).</param>
    public int? Names(ReadOnlySpan<byte> address)
    {
        if (address.Length == 16 && address.StartsWith(Mapped)) address = address[Mapped.Length..];
        if (IsRegistrar(address)) return address.Length * 8;
        int? narrowest = null;
        foreach (var network in _networks)
            if (network.Contains(address) && !(narrowest >= network.Bits)) narrowest = network.Bits;
        return narrowest;
    }

    /// <summary>
    /// Until the binding ends the registrar may call. Not only until we unregister: what was on its way to us by then is to be told 503,
    /// and calls still run. In the registration's mailbox.
    /// </summary>
    public void RegisteredAt(IPAddress registrar, DateTimeOffset until)
    {
        if (registrar.IsIPv4MappedToIPv6) registrar = registrar.MapToIPv4();
        var now = _time.GetUtcNow();
        var address = registrar.GetAddressBytes();
        _registrars = [.. _registrars.Where(r => r.Until > now && !r.Address.AsSpan().SequenceEqual(address)).TakeLast(MostRegistrars - 1), new Registrar(address, until)];
    }

    /// <returns>False: it has as many calls as it may; otherwise the place must be given back with <see cref="Release"/>.</returns>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _calls) <= options.MaxCalls || options.MaxCalls == 0) return true;
        Interlocked.Decrement(ref _calls);
        return false;
    }

    /// <summary>The same, given back when <paramref name="ended"/> completes.</summary>
    public bool TryTakeUntil(Task ended)
    {
        if (!TryTake()) return false;
        ReleaseAfter(ended);
        return true;
    }

    /// <summary>A call that takes the place of another of this trunk's, which ends at once: there is room for it.</summary>
    public void TakeOverUntil(Task ended)
    {
        Interlocked.Increment(ref _calls);
        ReleaseAfter(ended);
    }

    public void ReleaseAfter(Task ended) => _ = ended.ContinueWith(static (_, trunk) => ((Trunk)trunk!).Release(), this, TaskScheduler.Default);

    /// <summary>The first call whose SRTP keys others may have read.</summary>
    public bool IsFirstWithOpenKeys() => !Interlocked.Exchange(ref _hasShownKeys, true);

    public void Release() => Interlocked.Decrement(ref _calls);

    public override string ToString() => name;

    // For every message: allocates nothing.
    private bool IsRegistrar(ReadOnlySpan<byte> source)
    {
        foreach (var registrar in _registrars)
            if (source.SequenceEqual(registrar.Address)) return registrar.Until > _time.GetUtcNow();
        return false;
    }

    private readonly record struct Registrar(byte[] Address, DateTimeOffset Until);

    private static AddressPrefix Network(string text) => TrunkOptions.TryParseNetwork(text, out var network) ? new AddressPrefix(network) : throw new FormatException($"{text} is no network");
}
