using System.Net;

namespace VoiceGateway.Signalling;

/// <summary>A network (RFC 4632) that addresses are compared with as they come from the socket: in bytes, without an object for each.</summary>
internal readonly struct AddressPrefix(IPNetwork network)
{
    private readonly byte[] _base = network.BaseAddress.GetAddressBytes();

    public int Bits => network.PrefixLength;

    /// <param name="address">4 or 16 bytes in the order of the network.</param>
    public bool Contains(ReadOnlySpan<byte> address)
    {
        if (address.Length != _base.Length) return false;
        var whole = Bits / 8;
        if (!address[..whole].SequenceEqual(_base.AsSpan(0, whole))) return false;
        var rest = Bits % 8;
        return rest == 0 || (address[whole] ^ _base[whole]) >> (8 - rest) == 0;
    }
}
