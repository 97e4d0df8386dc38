using System.Collections.Concurrent;

namespace VoiceGateway.Sip;

/// <summary>How many of something each source has; as large as what is counted, and no larger.</summary>
internal sealed class SourceCounts
{
    private readonly ConcurrentDictionary<SourceKey, int> _counts = new();

    public int Of(SourceKey source) => _counts.GetValueOrDefault(source);

    public void Add(SourceKey source)
    {
        if (!source.IsNone)
            _counts.AddOrUpdate(source, 1, static (_, count) => count + 1);
    }

    public void Remove(SourceKey source)
    {
        while (_counts.TryGetValue(source, out int count))
        {
            if (count > 1 ? _counts.TryUpdate(source, count - 1, count) : _counts.TryRemove(new(source, count)))
                return;
        }
    }
}
