namespace VoiceGateway.Rtp;

/// <summary>
/// The datagrams of one read. One batch a thread, shared by all sessions that the thread drains: its content is gone with the next read.
/// </summary>
internal sealed class DatagramBatch
{
    public const int Capacity = 8;

    /// <summary>Longer datagrams are cut and flagged; speech over RTP stays below an Ethernet frame.</summary>
    public const int MaxDatagramLength = 2048;

    [ThreadStatic]
    private static DatagramBatch? Current;

    private readonly byte[] _data = GC.AllocateUninitializedArray<byte>(Capacity * MaxDatagramLength, pinned: true);
    private readonly Entry[] _entries = new Entry[Capacity];

    public static DatagramBatch OfThisThread => Current ??= new DatagramBatch();

    /// <summary>Where an implementation keeps what it needs between reads.</summary>
    public object? State { get; set; }

    public byte[] Data => _data;

    public ref Entry this[int index] => ref _entries[index];

    public ReadOnlySpan<byte> Datagram(int index) => _data.AsSpan(index * MaxDatagramLength, _entries[index].Length);

    public Span<byte> Buffer(int index) => _data.AsSpan(index * MaxDatagramLength, MaxDatagramLength);

    internal struct Entry
    {
        public int Length;
        public bool IsCut;
        public TransportAddress Source;

        /// <summary>How long the datagram had been in the socket when it was read; zero where the system does not tell.</summary>
        public long AgeNanoseconds;
    }
}
