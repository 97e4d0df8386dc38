namespace VoiceGateway.Routing;

/// <summary>
/// How many Live sessions the model's service grants, for each route by its name: as configured, and as learned from refusals.
/// Asked before a call is answered, so that nobody is answered by a model that cannot be had.
/// <code>
///   TryTake ─▶ place ─▶ Opened ─▶ … ─▶ Dispose
///                 └──▶ Refused: what is open now is the limit; after a quiet time one more is tried, and one more, …
/// </code>
/// Thread-safe; never waits.
/// </summary>
/// <param name="maxSessions">Sessions at once on each route; 0: no limit is known.</param>
/// <param name="time">Source of time.</param>
public sealed class SessionQuota(int maxSessions, TimeProvider time)
{
    /// <summary>What callers are told when a place is freed only by the end of somebody else's call.</summary>
    private static readonly TimeSpan WhenSomebodyLeaves = TimeSpan.FromSeconds(5);

    /// <summary>A proxy in front may keep away from the whole gateway for as long as it is told.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RouteQuota> _routes = new(StringComparer.Ordinal);

    /// <summary>A place for one call, on the first of its routes that has room.</summary>
    /// <param name="routes">Names in order of preference.</param>
    /// <param name="refusal">Why there is none.</param>
    /// <returns>Null when every route is full.</returns>
    public SessionPlace? TryTake(IReadOnlyList<string> routes, out QuotaRefusal refusal)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var (retryAfter, isLearned) = (LongestRetryAfter, false);
            refusal = default;
            foreach (var name in routes)
            {
                var route = Route(name);
                if (route.HasRoom(now))
                {
                    route.Taken++;
                    return new SessionPlace(this, name);
                }
                var growth = route.UntilGrowth(now);
                isLearned |= growth is not null;
                if ((growth ?? WhenSomebodyLeaves) is var wait && wait < retryAfter) retryAfter = wait;
            }
            refusal = new QuotaRefusal(TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds))), isLearned);
            return null;
        }
    }

    /// <summary>Whether one more session could be had on a route: worth asking before a fallback.</summary>
    public bool HasRoom(string route)
    {
        lock (_lock) return Route(route).HasRoom(time.GetTimestamp());
    }

    /// <summary>Places taken, sessions open, and the limit of now (null: none is known).</summary>
    public (int Taken, int Open, int? Limit) Look(string route)
    {
        lock (_lock)
        {
            var known = Route(route);
            return (known.Taken, known.Open, known.Limit(time.GetTimestamp()));
        }
    }

    internal void Opened(string from, bool wasOpen, string to)
    {
        lock (_lock)
        {
            Leave(from, wasOpen);
            var route = Route(to);
            route.Taken++;
            route.Open++;
            route.Granted();
        }
    }

    internal void Closed(string route)
    {
        lock (_lock) Route(route).Open--;
    }

    internal void Refused(string route, TimeSpan? retryAfter)
    {
        lock (_lock) Route(route).Refused(time.GetTimestamp(), retryAfter);
    }

    internal void Left(string route, bool wasOpen)
    {
        lock (_lock) Leave(route, wasOpen);
    }

    private void Leave(string name, bool wasOpen)
    {
        var route = Route(name);
        route.Taken--;
        if (wasOpen) route.Open--;
    }

    // As many as are configured: they are not forgotten.
    private RouteQuota Route(string name)
    {
        if (!_routes.TryGetValue(name, out var route)) _routes.Add(name, route = new RouteQuota(maxSessions == 0 ? null : maxSessions, time));
        return route;
    }
}
