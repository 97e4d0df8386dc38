namespace VoiceGateway.GeminiLive;

/// <summary>
/// Finds a connection: attempts by the policy table, back-off, the budget of each route, then the next route. Remembers where
/// the link is: which route, and with which handle the model knows the conversation.
/// </summary>
internal sealed class LinkDialer(IReadOnlyList<LiveRoute> routes, ILiveLinkHandler handler, LiveLinkOptions options)
{
    // A handle that leads to an internal error twice leads there again.
    private const int InternalErrorsPerHandle = 2;

    private readonly TimeProvider _time = options.Session.TimeProvider;
    private int _route;
    private int _internalErrors;
    private long _since;
    private int _attempt;
    private string? _instruction;
    private IReadOnlyList<LiveFunction>? _functions;

    public LiveRoute Route => routes[_route];

    /// <summary>How to begin anew: by the next route, or by this one without a past.</summary>
    public LinkStep Elsewhere => _route + 1 < routes.Count ? LinkStep.NextRoute : LinkStep.Fresh;

    public string? Handle { get; set; }

    /// <summary>The connection that was found was asked for with a handle. Its first events may bring a new handle before anybody looks.</summary>
    public bool Resumed { get; private set; }

    /// <summary>What was said so far has to be told: the model that answers next does not remember.</summary>
    public IReadOnlyList<LiveContent> History { get; private set; } = [];

    /// <summary>What the profile said has been overtaken. Read when the next connection is set up.</summary>
    public void Amend(string? systemInstruction, IReadOnlyList<LiveFunction>? functions) =>
        (_instruction, _functions) = (systemInstruction ?? _instruction, functions ?? _functions);

    /// <param name="first">What the end of the last connection asks for; null at the start of the conversation.</param>
    /// <param name="settled">The last connection lived, or was given up for no fault of its own: budget and back-off begin anew. A
    /// service that takes every connection and drops it at once must not be tried in a circle.</param>
    /// <param name="receiver">Makes the receiver of one attempt's events.</param>
    /// <param name="cancelled">Throws.</param>
    public async Task<(LiveSession? Session, LiveFailure? Failure)> DialAsync(
        LinkStep? first, bool settled, Func<ConnectionEvents> receiver, CancellationToken cancelled)
    {
        var starts = first is null;
        using var limit = new CancellationTokenSource(starts ? options.StartLimit : Timeout.InfiniteTimeSpan, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancelled);
        if (starts || settled) Begin();
        var budget = starts ? options.StartBudget : options.RetryBudget;
        var step = first ?? LinkStep.Resume;
        if (step == LinkStep.Resume && !starts && !settled) step = LinkStep.BackOff;
        TimeSpan? retryAfter = null;
        LiveFailure? failure = null;
        try
        {
            while (true)
            {
                var pause = step == LinkStep.BackOff ? BackOff(_attempt++, retryAfter) : TimeSpan.Zero;
                // One attempt without the handle: it may be the handle.
                if (_time.GetElapsedTime(_since) + pause > budget) (step, pause) = (Handle is not null && step == LinkStep.BackOff ? LinkStep.Fresh : LinkStep.NextRoute, TimeSpan.Zero);
                if (step == LinkStep.Fresh) Handle = null;
                if (step == LinkStep.NextRoute && !TryNextRoute()) return (null, failure);
                if (pause > TimeSpan.Zero) await Task.Delay(pause, _time, either.Token).ConfigureAwait(false);

                var events = receiver();
                var result = await LiveSession.ConnectAsync(Route.Endpoint, Setup(), events, options.Session, either.Token).ConfigureAwait(false);
                if (result.IsConnected)
                {
                    _internalErrors = 0;
                    return (result.Session, null);
                }
                events.Retire();
                failure = result.Failure;
                retryAfter = failure.RetryAfter;
                handler.OnAttemptFailed(Route, failure);
                step = After(failure, starts);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancelled.IsCancellationRequested)
        {
            return (null, failure ?? LiveFaults.ConnectTimedOut(options.StartLimit));
        }
    }

    private LinkStep After(LiveFailure failure, bool starts)
    {
        var resuming = Handle is not null;
        var step = LinkPolicy.For(failure.Kind).Connecting;
        if (resuming && failure.Kind == LiveCloseKind.InternalError && ++_internalErrors >= InternalErrorsPerHandle) step = LinkStep.Fresh;
        // A credential that could not be had just now may be there in a moment.
        if (step == LinkStep.NextRoute && failure.Retry == LiveRetry.Later) step = LinkStep.NextRouteOrBackOff;
        if (step == LinkStep.NextRouteOrBackOff) step = !starts && _route + 1 == routes.Count ? LinkStep.BackOff : LinkStep.NextRoute;
        return step == LinkStep.Fresh && !resuming ? LinkStep.NextRoute : step;
    }

    private void Begin() => (_since, _attempt) = (_time.GetTimestamp(), 0);

    private LiveSetup Setup()
    {
        Resumed = Handle is not null;
        History = Resumed ? [] : handler.History();
        return Route.Setup with
        {
            ResumptionHandle = Handle,
            InitialHistoryInClientContent = History.Count > 0,
            SystemInstruction = _instruction ?? Route.Setup.SystemInstruction,
            Functions = _functions ?? Route.Setup.Functions,
        };
    }

    private bool TryNextRoute()
    {
        if (_route + 1 >= routes.Count) return false;
        _route++;
        // A handle belongs to the service that gave it.
        (Handle, _internalErrors) = (null, 0);
        Begin();
        return true;
    }

    // Calls that lost their connections together shall not come back together.
    private TimeSpan BackOff(int attempt, TimeSpan? retryAfter)
    {
        var pause = options.FirstBackOff * Math.Pow(2, Math.Min(attempt, 10));
        if (pause > options.MostBackOff) pause = options.MostBackOff;
        pause *= 0.8 + 0.4 * Random.Shared.NextDouble();
        return retryAfter > pause ? retryAfter.Value : pause;
    }
}
