using System.Collections.Concurrent;
using System.Net;

namespace VoiceGateway.Load;

/// <summary>
/// The callers' side of all calls on one thread. Twenty slots of a millisecond: each group of calls sends in its own, and is read half a
/// period later; when a packet came is the kernel's to say, so nothing depends on when it is read.
/// </summary>
internal sealed class RtpLoad : LoadThread
{
    public const string ThreadName = "rtp-load";

    private const int Slots = 20;

    private readonly CallerTrack _track = new();
    private readonly List<RtpGroup>[] _slots = [.. Enumerable.Range(0, Slots).Select(static _ => new List<RtpGroup>())];
    private readonly List<(RtpGroup Group, int Slot)> _groups = [];
    private readonly ConcurrentQueue<(RtpGroup Group, RtpLine Line, IPEndPoint Remote)> _answered = new();
    private readonly ConcurrentQueue<(RtpGroup Group, RtpLine Line)> _ended = new();
    private readonly ConcurrentQueue<(RtpGroup Group, int Slot)> _opened = new();
    private MediaMeasures _measures = new();

    public RtpLoad() : base(ThreadName)
    {
    }

    /// <summary>A call's place: its group has the port that the offer names. From one thread.</summary>
    public RtpGroup Reserve(IPAddress address, int line)
    {
        // One group after the other would put the first calls into one moment.
        var row = line / (Slots * RtpGroup.Capacity);
        var slot = line % Slots;
        var index = (row * Slots) + slot;
        while (_groups.Count <= index)
        {
            var next = (new RtpGroup(address), _groups.Count % Slots);
            _groups.Add(next);
            _opened.Enqueue(next);
        }
        return _groups[index].Group;
    }

    /// <summary>The call was answered: from now on it speaks. Any thread.</summary>
    public void Begin(RtpGroup group, RtpLine line, IPEndPoint remote) => _answered.Enqueue((group, line, remote));

    /// <summary>The call is over. Any thread.</summary>
    public void End(RtpGroup group, RtpLine line) => _ended.Enqueue((group, line));

    /// <summary>Begins to count anew.</summary>
    /// <returns>What was counted until now.</returns>
    public MediaMeasures Restart() => Interlocked.Exchange(ref _measures, new MediaMeasures());

    public override void Dispose()
    {
        base.Dispose();
        foreach (var (group, _) in _groups) group.Dispose();
        _track.Dispose();
    }

    protected override void Tick(long number)
    {
        while (_opened.TryDequeue(out var opened)) _slots[opened.Slot].Add(opened.Group);
        while (_answered.TryDequeue(out var answered)) answered.Group.Add(answered.Line, answered.Remote);
        while (_ended.TryDequeue(out var ended)) ended.Group.Remove(ended.Line);
        var measures = Volatile.Read(ref _measures);
        foreach (var group in _slots[number % Slots]) group.Send(_track, measures);
        foreach (var group in _slots[(number + (Slots / 2)) % Slots]) group.Receive(measures);
    }
}
