using System.Buffers;

namespace VoiceGateway.Tests.Media;

internal sealed class CountingPool : ArrayPool<byte>
{
    public int Rented { get; private set; }

    public override byte[] Rent(int minimumLength)
    {
        Rented++;
        return new byte[minimumLength];
    }

    public override void Return(byte[] array, bool clearArray = false) => Rented--;
}
