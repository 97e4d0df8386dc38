using System.Buffers;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>A pool that knows what is out.</summary>
internal sealed class CountingPool : ArrayPool<byte>
{
    private int _rented;

    public int Rented => Volatile.Read(ref _rented);

    public override byte[] Rent(int minimumLength)
    {
        Interlocked.Increment(ref _rented);
        return Shared.Rent(minimumLength);
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        Interlocked.Decrement(ref _rented);
        Shared.Return(array, clearArray);
    }
}
