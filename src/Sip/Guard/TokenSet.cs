using System.Collections.Concurrent;

namespace VoiceGateway.Sip;

/// <summary>
/// Tokens that stand for something of ours that is alive (branches of transactions, tags of dialogs), to be looked up from raw bytes. By hash: two
/// tokens may be taken for one, which only lets a message through to where it is looked at properly.
/// </summary>
internal sealed class TokenSet
{
    private readonly ConcurrentDictionary<ulong, int> _counts = new();

    public bool IsEmpty => _counts.IsEmpty;

    public void Add(string token) => _counts.AddOrUpdate(TokenHash.Of(token), 1, static (_, count) => count + 1);

    public void Remove(string token)
    {
        ulong hash = TokenHash.Of(token);
        while (_counts.TryGetValue(hash, out int count))
        {
            if (count > 1 ? _counts.TryUpdate(hash, count - 1, count) : _counts.TryRemove(new(hash, count)))
                return;
        }
    }

    public bool Contains(ReadOnlySpan<byte> token) => !token.IsEmpty && _counts.ContainsKey(TokenHash.Of(token));
}
