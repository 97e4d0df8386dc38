using System.Net;

namespace VoiceGateway.Sip;

/// <summary>The connections of one transport, by where they lead: the peer's end, and the aliases that it was granted (RFC 5923).</summary>
internal sealed class ConnectionTable
{
    private readonly Lock _gate = new();
    private readonly HashSet<TcpFlow> _all = [];
    private readonly Dictionary<IPEndPoint, List<TcpFlow>> _byRemote = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _all.Count;
        }
    }

    public TcpFlow[] Snapshot()
    {
        lock (_gate)
            return [.. _all];
    }

    public void Add(TcpFlow flow)
    {
        lock (_gate)
        {
            _all.Add(flow);
            Put(flow.RemoteEndPoint, flow);
        }
    }

    public void AddAlias(IPEndPoint alias, TcpFlow flow)
    {
        lock (_gate)
        {
            if (_all.Contains(flow) && flow.TryTakeAlias(alias))
                Put(alias, flow);
        }
    }

    public void Remove(TcpFlow flow)
    {
        lock (_gate)
        {
            _all.Remove(flow);
            Take(flow.RemoteEndPoint, flow);
            if (flow.Alias is { } alias)
                Take(alias, flow);
        }
    }

    /// <summary>An open connection that may carry a request for the hop; the youngest, which is the least likely to be dead.</summary>
    public TcpFlow? Find(SipHop hop)
    {
        TcpFlow[] candidates;
        lock (_gate)
        {
            if (!_byRemote.TryGetValue(hop.EndPoint, out var flows))
                return null;
            candidates = [.. flows];
        }

        return Array.FindLast(candidates, flow => flow.IsOpen && flow.Serves(hop));
    }

    private void Put(IPEndPoint remote, TcpFlow flow)
    {
        if (!_byRemote.TryGetValue(remote, out var flows))
            _byRemote[remote] = flows = [];
        flows.Add(flow);
    }

    private void Take(IPEndPoint remote, TcpFlow flow)
    {
        if (_byRemote.TryGetValue(remote, out var flows) && flows.Remove(flow) && flows.Count == 0)
            _byRemote.Remove(remote);
    }
}
