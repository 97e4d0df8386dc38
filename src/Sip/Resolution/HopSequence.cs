using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// One located target being tried (RFC 3263 section 4.3): each <see cref="NextAsync"/> gives a flow to the next hop, those on the
/// black list last. Whoever sends says what became of it by <see cref="Failed"/> or <see cref="Succeeded"/>. For one request at
/// a time: not to be called concurrently.
/// </summary>
internal sealed class HopSequence(IReadOnlyList<SipHop> hops, HopBlackList blackList, Func<SipHop, CancellationToken, ValueTask<SipFlow?>> open)
{
    private ulong _tried;
    private AddressFamily? _preferred;

    /// <summary>Leads nowhere: the target could not be located.</summary>
    public static HopSequence Empty { get; } = new([], new HopBlackList(TimeProvider.System), static (_, _) => default);

    /// <summary>The hop that the last flow leads to.</summary>
    public SipHop? Current { get; private set; }

    /// <summary>Hops in all, tried or not; 0 when the target has none that we can reach.</summary>
    public int Count => Math.Min(hops.Count, SipLocator.MostHops);

    public bool HasMore => Next() >= 0;

    /// <summary>A flow to the next hop that can be reached; null when there is none left. What cannot be opened goes onto the black list.</summary>
    public async ValueTask<SipFlow?> NextAsync(CancellationToken cancellationToken)
    {
        Current = null;
        while (Next() is >= 0 and var next)
        {
            _tried |= 1UL << next;
            var hop = hops[next];
            if (await open(hop, cancellationToken).ConfigureAwait(false) is { } flow)
            {
                Current = hop;
                return flow;
            }

            blackList.Add(hop);
        }

        return null;
    }

    /// <summary>No answer, a transport error, or 503 (whose Retry-After says for how long): the current hop is tried last for a while.</summary>
    public void Failed(TimeSpan? retryAfter = null)
    {
        if (Current is { } hop)
            blackList.Add(hop, retryAfter);
    }

    /// <summary>
    /// The request has a session description by now: hops of the address family that it names come before the others, whose media may not find
    /// the way (RFC 6157 section 3).
    /// </summary>
    public void Prefer(AddressFamily family)
    {
        if (hops.Count > 1)
            _preferred ??= family;
    }

    /// <summary>The current hop has answered, with anything but 503.</summary>
    public void Succeeded()
    {
        if (Current is { } hop)
            blackList.Remove(hop);
    }

    /// <summary>Index of the first that is neither tried nor listed, of the preferred family if there is one, else of the first that is listed, else -1.</summary>
    private int Next()
    {
        int other = -1;
        int listed = -1;
        for (int i = 0; i < Count; i++)
        {
            if ((_tried & (1UL << i)) != 0)
                continue;
            if (blackList.IsListed(hops[i]))
                listed = listed < 0 ? i : listed;
            else if (_preferred is null || hops[i].EndPoint.AddressFamily == _preferred)
                return i;
            else
                other = other < 0 ? i : other;
        }

        return other >= 0 ? other : listed;
    }
}
