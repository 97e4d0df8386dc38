using System.Threading.Channels;

namespace VoiceGateway.LiveSimulator;

/// <summary>One reply of the model's, from the thinking to <c>turnComplete</c>. It runs beside the conversation, which may cancel it.</summary>
internal sealed class Reply : IDisposable
{
    private const string Thought = "The caller has spoken; I work out what to say next.";

    private readonly SessionContext _context;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Transcriber _transcriber;
    private readonly StepPlayer _player;
    private readonly ReplyPlan _plan;
    private bool _played;
    private Task _running = Task.CompletedTask;

    /// <param name="context">The session.</param>
    /// <param name="before">The place to go back to if the reply is interrupted before it said anything.</param>
    /// <param name="plan">What to say and do.</param>
    public Reply(SessionContext context, ScenarioPlace before, ReplyPlan plan)
    {
        _context = context;
        _plan = plan;
        Before = before;
        _transcriber = new Transcriber(context);
        _player = new StepPlayer(context, plan, _transcriber, _cancellation.Token);
    }

    public ScenarioPlace Before { get; }

    /// <summary>Where the scenario goes on: back, when nothing of the reply can have been noticed.</summary>
    public ScenarioPlace PlaceNow => Completed || Stall is not null || _player.CannotBeTakenBack ? _player.Place : Before;

    /// <summary>The client has been sent part of a turn that it must be told is over.</summary>
    public bool IsNoticeable => _player.HasSent && !Completed;

    public bool Completed { get; private set; }

    /// <summary>The client has been sent the transcript of the caller's turn.</summary>
    public bool CallerTranscribed { get; private set; }

    /// <summary>A fault kept the reply, or its end, from the caller.</summary>
    public Stalled? Stall { get; private set; }

    /// <summary>What is left of it when it is broken off here: the last sentence at least, for nobody knows whether it was heard. Null when it is complete.</summary>
    public ReplyPlan? Rest => Completed && Stall is null ? null
        : _plan with { CallerSaid = null, Place = _player.Place, Played = _played ? _player.PlayedButTheLastSentence : _player.Played };

    public Exception? Failure { get; private set; }

    /// <summary>Starts it. However it ends, it says so on <paramref name="events"/>.</summary>
    public void Start(ChannelWriter<CallerEvent> events) => _running = RunAsync(events);

    /// <summary>Stops it. When this returns it sends nothing any more.</summary>
    public async Task CancelAsync()
    {
        await _cancellation.CancelAsync();
        await _running;
    }

    public void Dispose() => _cancellation.Dispose();

    private async Task RunAsync(ChannelWriter<CallerEvent> events)
    {
        // Everything up to the first real wait would run inside the conversation's loop otherwise.
        await Task.Yield();
        try
        {
            await PlayAsync(_cancellation.Token);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
        }
        catch (Exception fault)
        {
            Failure = fault;
        }
        finally
        {
            _context.Faults.ReplyEnded();
            events.TryWrite(new CallerEvent.ReplyEnded(this));
        }
    }

    private async Task PlayAsync(CancellationToken cancelled)
    {
        _context.Session.Note(SessionEventKind.ReplyStarted);
        await _context.UpdateResumptionAsync(null);
        if (StalledBy<Fault.Silence>() is { } silence)
        {
            Hang(silence);
            return;
        }

        await TranscribeCallerAsync(cancelled);
        await Task.Delay(_context.Scenario.Delivery.ThinkTime, _context.Time, cancelled);
        var stall = StalledBy<Fault.EmptyTurn>() ?? await SpeakAsync();
        cancelled.ThrowIfCancellationRequested();
        if (stall is not null)
            Hang(stall);
        if (stall is null or Fault.EmptyTurn or Fault.CutShort { TurnComplete: true })
            await CompleteAsync(cancelled);
    }

    private T? StalledBy<T>()
        where T : Fault.Stall => _plan.Nudged ? null : _context.Faults.ForThisReply<T>();

    private void Hang(Fault.Stall stall) => Stall = new(Rest ?? _plan, stall.Until, TurnOpen: _player.HasSent);

    /// <returns>What kept the reply from its end, or null.</returns>
    private async Task<Fault.Stall?> SpeakAsync()
    {
        if (_context.Terms.IncludeThoughts)
        {
            _context.Usage.Thought(Thought);
            await _context.Outbox.SendAsync(static json => ServerMessages.Text(json, Thought, thought: true));
        }

        await _player.PlayAsync(_plan.Steps);
        _played = _player.Stall is null;
        return _player.Stall;
    }

    private async Task CompleteAsync(CancellationToken cancelled)
    {
        _context.Session.Note(SessionEventKind.GenerationComplete);
        var together = _context.Faults.Find<Fault.TwoFields>() is not null;
        if (!together)
            await _context.Outbox.SendAsync(static json => ServerMessages.Content(json, "generationComplete"));
        if (_context.Scenario.Delivery.TurnComplete == TurnCompletion.AfterPlayback && _context.Faults.ForThisReply<Fault.InterruptedAfterTurnComplete>() is null)
            await _context.Playback.WaitUntilSilentAsync(cancelled);
        cancelled.ThrowIfCancellationRequested();
        Completed = true;
        if (Stall is not null)
            Stall = Stall with { TurnOpen = false };
        await _context.EndTurnAsync(together ? "generationComplete" : null);
        await _transcriber.TurnEndedAsync();
        await _context.UpdateResumptionAsync(_player.Place);
    }

    private async Task TranscribeCallerAsync(CancellationToken cancelled)
    {
        if (_plan.CallerSaid is not { Length: > 0 } words || !_context.Terms.InputTranscription)
            return;
        var fragments = TranscriptCutter.Cut(words, _context.Random);
        for (var i = 0; i < fragments.Count; i++)
        {
            cancelled.ThrowIfCancellationRequested();
            await _transcriber.SendAsync("inputTranscription", fragments[i], last: i == fragments.Count - 1);
        }

        CallerTranscribed = true;
    }
}
