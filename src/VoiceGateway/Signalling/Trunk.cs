using System.Net;
using System.Net.Sockets;
using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>One <see cref="TrunkOptions"/>, with its secrets read and its calls counted.</summary>
/// <param name="name">As configured; it may be a tag and stand in logs.</param>
/// <param name="options">Checked.</param>
/// <param name="caller">What its calls must prove; null: their address is enough.</param>
/// <param name="own">What we answer its challenges with; null: nothing.</param>
public sealed class Trunk(string name, TrunkOptions options, SipCredentials? caller, SipCredentials? own)
{
    private readonly IPNetwork[] _networks = [.. options.Addresses.Where(static a => !string.IsNullOrEmpty(a)).Select(Network)];
    // Where a registration leads: that side calls us from there, whatever the configuration says of addresses.
    private volatile IPAddress[] _registrars = [];
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
        if (source.IsIPv4MappedToIPv6) source = source.MapToIPv4();
        if (Array.IndexOf(_registrars, source) >= 0) return source.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        int? narrowest = null;
        foreach (var network in _networks)
            if (network.Contains(source) && !(narrowest >= network.PrefixLength)) narrowest = network.PrefixLength;
        return narrowest;
    }

    public void RegisteredAt(IPAddress registrar) => _registrars = Array.IndexOf(_registrars, registrar) >= 0 ? _registrars : [.. _registrars.TakeLast(7), registrar];

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
        _ = ended.ContinueWith(static (_, trunk) => ((Trunk)trunk!).Release(), this, TaskScheduler.Default);
        return true;
    }

    public void Release() => Interlocked.Decrement(ref _calls);

    public override string ToString() => name;

    private static IPNetwork Network(string text) => TrunkOptions.TryParseNetwork(text, out var network) ? network : throw new FormatException($"{text} is no network");
}
