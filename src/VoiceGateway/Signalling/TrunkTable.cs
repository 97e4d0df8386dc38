using System.Net;

namespace VoiceGateway.Signalling;

/// <summary>The configured trunks, and which of them an address belongs to.</summary>
public sealed class TrunkTable(IEnumerable<Trunk> trunks)
{
    private readonly Trunk[] _all = [.. trunks];

    public IReadOnlyList<Trunk> All => _all;

    /// <summary>Whether a user's password alone opens some trunk, so that a stranger must be challenged rather than ignored.</summary>
    public bool HasOpenTrunks => Array.Exists(_all, static t => t.IsOpenToAnyAddress);

    public Trunk? Find(string? name) => Array.Find(_all, t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase));

    public string? PasswordOf(string caller) => Array.Find(_all, t => t.Caller?.User == caller)?.Caller!.Password;

    /// <summary>The trunk that names the address most narrowly. Asked for every message: allocates nothing.</summary>
    public Trunk? At(IPAddress source)
    {
        Span<byte> address = stackalloc byte[16];
        return source.TryWriteBytes(address, out var length) ? At(address[..length]) : null;
    }

    /// <inheritdoc cref="At(IPAddress)"/>
    public Trunk? At(ReadOnlySpan<byte> address)
    {
        Trunk? best = null;
        var bits = -1;
        foreach (var trunk in _all)
        {
            if (trunk.Names(address) is not { } prefix || prefix <= bits) continue;
            (best, bits) = (trunk, prefix);
        }
        return best;
    }

    /// <summary>The trunk of somebody who has proved to be this user; null when that user may not call from there.</summary>
    public Trunk? Of(string caller, IPAddress source) =>
        Array.Find(_all, t => t.Caller?.User == caller && (t.IsOpenToAnyAddress || t.Names(source) is not null));
}
