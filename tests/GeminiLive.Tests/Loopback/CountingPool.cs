using System.Buffers;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Knows what is still rented, and notices a buffer that comes back twice.</summary>
internal sealed class CountingPool : ArrayPool<byte>
{
    private readonly HashSet<byte[]> _rented = new(ReferenceEqualityComparer.Instance);
    private int _returnedWrongly;

    public int Outstanding
    {
        get
        {
            lock (_rented) return _rented.Count;
        }
    }

    public int ReturnedWrongly => _returnedWrongly;

    public int LargestRented { get; private set; }

    public override byte[] Rent(int minimumLength)
    {
        var array = new byte[minimumLength];
        lock (_rented)
        {
            _rented.Add(array);
            LargestRented = Math.Max(LargestRented, minimumLength);
        }

        return array;
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        lock (_rented)
        {
            if (!_rented.Remove(array)) _returnedWrongly++;
        }

        // Whoever reads it after its return shall notice.
        array.AsSpan().Fill(0xDD);
    }
}
