using System.Numerics;
using System.Security.Cryptography;

namespace VoiceGateway.Sip;

/// <summary>
/// The rates of each source, in a table whose size never changes: sets of four places, found by a hash that nobody outside can
/// foresee, in shards that come into being when they are used: a telephone with one peer does not pay for a flood. Who has been silent longest makes room, strangers before those who were admitted. Whoever is forgotten starts with a full
/// allowance, which the limits in all make harmless.
/// </summary>
internal sealed class SourceTable
{
    private const int Places = 4;
    private const int MostShards = 64;

    private readonly Shard[] _shards;
    private readonly int _setsInShard;
    private readonly ulong _multiplier = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;
    private readonly int _shift;
    private readonly long _vouchedFor;

    public SourceTable(int most, TimeProvider time, TimeSpan vouchedFor)
    {
        int sets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(most / Places, 2));
        _shards = new Shard[Math.Min(sets, MostShards)];
        _setsInShard = sets / _shards.Length;
        _shift = 64 - BitOperations.Log2((uint)sets);
        _vouchedFor = (long)(vouchedFor.TotalSeconds * time.TimestampFrequency);
        for (int i = 0; i < _shards.Length; i++)
            _shards[i] = new Shard();
    }

    public int Capacity => _shards.Length * _setsInShard * Places;

    /// <summary>Takes a token of one of the source's buckets.</summary>
    public bool TryTake(SourceKey source, SourceBucket bucket, in TokenRate rate, long now)
    {
        var shard = ShardOf(source, out int set);
        lock (shard.Gate)
        {
            ref var entry = ref Find(source, shard, set, now);
            switch (bucket)
            {
                case SourceBucket.Invites:
                    return rate.TryTake(ref entry.Invites, now);
                case SourceBucket.Running:
                    return rate.TryTake(ref entry.Running, now);
                case SourceBucket.Repeats:
                    return rate.TryTake(ref entry.Repeats, now);
                case SourceBucket.Reports:
                    return rate.TryTake(ref entry.Reports, now);
                case SourceBucket.KnownMessages:
                    return rate.TryTake(ref entry.KnownMessages, now);
                default:
                    return rate.TryTake(ref entry.UnknownMessages, now);
            }
        }
    }

    /// <summary>Whether the source has been admitted of late.</summary>
    public bool IsVouchedFor(SourceKey source, long now)
    {
        var shard = ShardOf(source, out int set);
        lock (shard.Gate)
        {
            foreach (ref var entry in Set(shard, set))
            {
                if (entry.Key == source)
                    return entry.VouchedUntil > now;
            }

            return false;
        }
    }

    public void Vouch(SourceKey source, long now)
    {
        var shard = ShardOf(source, out int set);
        lock (shard.Gate)
        {
            ref var entry = ref Find(source, shard, set, now);
            if (entry.VouchedUntil <= now)
                entry.Invites = 0; // spent at a stranger's rate, which says nothing of a peer's
            entry.VouchedUntil = now + _vouchedFor;
        }
    }

    private Shard ShardOf(SourceKey source, out int set)
    {
        int number = (int)((source.Value * _multiplier) >> _shift);
        set = number / _shards.Length;
        return _shards[number % _shards.Length];
    }

    private Span<Entry> Set(Shard shard, int set) => (shard.Entries ??= new Entry[_setsInShard * Places]).AsSpan(set * Places, Places);

    private ref Entry Find(SourceKey source, Shard shard, int set, long now)
    {
        var entries = Set(shard, set);
        int oldest = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].Key == source)
            {
                entries[i].SeenAt = now;
                return ref entries[i];
            }

            if (entries[i].Worth(now) < entries[oldest].Worth(now))
                oldest = i;
        }

        entries[oldest] = new Entry { Key = source, SeenAt = now };
        return ref entries[oldest];
    }

    private sealed class Shard
    {
        public Lock Gate { get; } = new();

        public Entry[]? Entries { get; set; }
    }

    private struct Entry
    {
        public SourceKey Key;
        public long SeenAt;
        public long VouchedUntil;
        public long UnknownMessages;
        public long KnownMessages;
        public long Invites;
        public long Running;
        public long Repeats;
        public long Reports;

        public readonly long Worth(long now) => Key.IsNone ? long.MinValue : VouchedUntil > now ? long.MaxValue - (now - SeenAt) : SeenAt;
    }
}
