using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Masking keys for whatever a thread sends. They must not be foreseen (RFC 6455 sections 5.3 and 10.3), so a strong source makes them; asking it
/// costs more than sending a frame does, so it is asked for many at once. Each is given once.
/// </summary>
internal sealed class MaskingKeys
{
    private const int Block = 64;

    [ThreadStatic]
    private static MaskingKeys? _ofThread;

    private readonly uint[] _keys = new uint[Block];
    private readonly Action<uint[]> _fill;
    private int _next = Block;

    private MaskingKeys() : this(static keys => RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(keys.AsSpan())))
    {
    }

    /// <param name="fill">Puts new keys into the whole block.</param>
    internal MaskingKeys(Action<uint[]> fill) => _fill = fill;

    public static MaskingKeys OfThread => _ofThread ??= new MaskingKeys();

    public uint Next()
    {
        if (_next == Block)
        {
            _fill(_keys);
            _next = 0;
        }

        return _keys[_next++];
    }
}
