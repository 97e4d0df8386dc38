using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace VoiceGateway.Sip;

/// <summary>The calls of an endpoint and the dialogs that lead to them.</summary>
internal sealed class CallTable
{
    private readonly ConcurrentDictionary<SipCall, byte> _calls = new();
    private readonly ConcurrentDictionary<DialogId, SipCall> _dialogs = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<SipCall> All => _calls.Keys;

    public bool IsEmpty => _calls.IsEmpty && _dialogs.IsEmpty;

    /// <summary>False when the table is full.</summary>
    public bool TryAdd(SipCall call, int most)
    {
        if (Interlocked.Increment(ref _count) > most)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        _calls[call] = 0;
        return true;
    }

    public void Remove(SipCall call)
    {
        if (_calls.TryRemove(call, out _))
            Interlocked.Decrement(ref _count);
    }

    public void AddDialog(in DialogId id, SipCall call) => _dialogs[id] = call;

    public void RemoveDialog(in DialogId id, SipCall call) => _dialogs.TryRemove(new(id, call));

    public bool TryFind(in DialogId id, [NotNullWhen(true)] out SipCall? call) => _dialogs.TryGetValue(id, out call);
}
