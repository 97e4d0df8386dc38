using System.Security.Cryptography;

namespace VoiceGateway.LiveSimulator;

/// <summary>Where sessions leave their places under handles, for a later connection to take up. All sessions of a server share it.</summary>
internal sealed class ResumptionShelf(TimeProvider time, TimeSpan lifetime)
{
    private const int MostHandles = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();

    public string Leave(SimulatedSession owner, ScenarioPlace place)
    {
        var handle = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        lock (_gate)
        {
            // Only the session's end is held on to: not its log and captured audio.
            _entries.Add(handle, new(owner.Released, owner.Id, owner.Thread, place, time.GetTimestamp()));
            _oldestFirst.Enqueue(handle);
            while (_oldestFirst.Count > MostHandles || time.GetElapsedTime(_entries[_oldestFirst.Peek()].LeftAt) > lifetime)
                _entries.Remove(_oldestFirst.Dequeue());
        }

        return handle;
    }

    /// <summary>Makes <paramref name="taker"/> one of the conversation's sessions, when the handle is good.</summary>
    public Rejection? TryTake(string handle, SimulatedSession taker, out ScenarioPlace place)
    {
        place = ScenarioPlace.Start;
        lock (_gate)
        {
            if (!_entries.TryGetValue(handle, out var entry) || time.GetElapsedTime(entry.LeftAt) > lifetime)
                return Rejection.Policy("BidiGenerateContent session not found or expired.");
            // The service answers so when a client does not close its old connection first.
            if (!entry.OwnerReleased.IsCompleted)
                return Rejection.Internal("Internal error encountered: the session is still in use by another connection.");
            place = entry.Place;
            taker.Thread = entry.Thread;
            entry.Thread.CurrentId = taker.Id;
            taker.ResumedFrom = entry.OwnerId;
            return null;
        }
    }

    private sealed record Entry(Task OwnerReleased, string OwnerId, ConversationThread Thread, ScenarioPlace Place, long LeftAt);
}
