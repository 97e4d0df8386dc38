using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace VoiceGateway.Sip;

/// <summary>The calls of an endpoint and the dialogs that lead to them.</summary>
internal sealed class CallTable
{
    private readonly ConcurrentDictionary<SipCall, SourceKey> _calls = new();
    private readonly ConcurrentDictionary<DialogId, SipCall> _dialogs = new();
    private readonly SourceCounts _sources = new();
    private readonly TokenSet _localTags = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<SipCall> All => _calls.Keys;

    public bool IsEmpty => _calls.IsEmpty && _dialogs.IsEmpty && _localTags.IsEmpty;

    /// <summary>Calls that came from this source.</summary>
    public int CountOf(SourceKey source) => _sources.Of(source);

    /// <summary>False when the table is full. A call of ours has no source.</summary>
    public bool TryAdd(SipCall call, int most, SourceKey source = default)
    {
        if (Interlocked.Increment(ref _count) > most)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        _calls[call] = source;
        _sources.Add(source);
        return true;
    }

    public void Remove(SipCall call)
    {
        if (!_calls.TryRemove(call, out var source))
            return;
        _sources.Remove(source);
        Interlocked.Decrement(ref _count);
    }

    public void AddDialog(in DialogId id, SipCall call)
    {
        if (_dialogs.TryAdd(id, call))
            _localTags.Add(id.LocalTag);
        else
            _dialogs[id] = call;
    }

    public void RemoveDialog(in DialogId id, SipCall call)
    {
        if (_dialogs.TryRemove(new(id, call)))
            _localTags.Remove(id.LocalTag);
    }

    /// <summary>Whether a To tag as it stands in a message may be that of a running call.</summary>
    public bool MayHold(ReadOnlySpan<byte> toTag) => _localTags.Contains(toTag);

    public bool TryFind(in DialogId id, [NotNullWhen(true)] out SipCall? call) => _dialogs.TryGetValue(id, out call);
}
