namespace VoiceGateway.LiveSimulator;

/// <summary>
/// The faults that a server has ready for connections to come; the scenario's own are among them from the start. What is changed
/// here does not touch sessions that run: see <see cref="SimulatedSession.InjectAsync"/>.
/// </summary>
public sealed class ServerFaults
{
    private readonly Lock _gate = new();
    private readonly List<ArmedFault> _armed = [];
    private int _count;

    /// <summary>What is armed, oldest first.</summary>
    public IReadOnlyList<ArmedFault> Armed
    {
        get
        {
            lock (_gate)
                return [.. _armed];
        }
    }

    /// <param name="fault">Any fault.</param>
    /// <param name="at">When. Null: while connecting (doors), from the start (lasting faults), right after <c>setupComplete</c> (deeds).</param>
    /// <param name="connections">How many connections have it. Null: all, until it is removed.</param>
    /// <exception cref="ArgumentException">The fault cannot come at that moment.</exception>
    public ArmedFault Arm(Fault fault, FaultMoment? at = null, int? connections = null) => Arm(ArmedFault.Once(fault, at, connections));

    public ArmedFault Arm(ArmedFault fault)
    {
        lock (_gate)
        {
            var armed = fault with { Id = $"fault-{++_count}" };
            _armed.Add(armed);
            return armed;
        }
    }

    /// <summary>Arms what a scenario's <c>faults</c> could hold: one entry or a list of them.</summary>
    /// <exception cref="ScenarioException">It cannot be understood; the message names the JSON path.</exception>
    public IReadOnlyList<ArmedFault> Arm(string json) => [.. ArmedFault.ReadList(FaultReader.Node(json)).Select(Arm)];

    public bool Remove(string id)
    {
        lock (_gate)
            return _armed.RemoveAll(armed => armed.Id == id) > 0;
    }

    public void Clear()
    {
        lock (_gate)
            _armed.Clear();
    }

    /// <summary>The fault that turns a client away before there is a session, or null. Only that one is used up.</summary>
    internal Fault.AtTheDoor? TakeRefusal(int openSessions)
    {
        lock (_gate)
        {
            var refusing = _armed.Find(armed => armed.From[0] is Fault.Refuse || (armed.From[0] is Fault.Quota quota && openSessions >= quota.Sessions));
            if (refusing is null)
                return null;
            UseUp(refusing);
            return (Fault.AtTheDoor)refusing.From[0];
        }
    }

    /// <summary>The faults of a connection that was let in.</summary>
    internal IReadOnlyList<ArmedFault> TakeForSession()
    {
        lock (_gate)
        {
            List<ArmedFault> taken = [.. _armed.Where(static armed => armed.From[0] is not (Fault.Refuse or Fault.Quota))];
            foreach (var armed in taken)
                UseUp(armed);
            return taken;
        }
    }

    private void UseUp(ArmedFault armed)
    {
        if (armed.ConnectionsLeft is not { } left)
            return;
        var index = _armed.IndexOf(armed);
        if (left <= 1)
            _armed.RemoveAt(index);
        else
            _armed[index] = armed with { ConnectionsLeft = left - 1 };
    }
}
