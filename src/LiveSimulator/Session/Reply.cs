using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace VoiceGateway.LiveSimulator;

/// <summary>One reply of the model's, from the thinking to <c>turnComplete</c>. It runs beside the conversation, which may cancel it.</summary>
internal sealed class Reply : IDisposable
{
    private const string Thought = "The caller has spoken; I work out what to say next.";

    private readonly SessionContext _context;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly StepPlayer _player;
    private readonly IReadOnlyList<ScenarioStep> _steps;
    private readonly string? _callerSaid;
    private Task _running = Task.CompletedTask;

    /// <param name="context">The session.</param>
    /// <param name="before">The place to go back to if the reply is interrupted before it said anything.</param>
    /// <param name="place">The place that the reply leads to.</param>
    /// <param name="steps">What to do.</param>
    /// <param name="callerSaid">What to transcribe of the caller's turn.</param>
    /// <param name="textMatch">For replies to typed texts.</param>
    public Reply(SessionContext context, ScenarioPlace before, ScenarioPlace place, IReadOnlyList<ScenarioStep> steps, string? callerSaid, Match? textMatch)
    {
        _context = context;
        _steps = steps;
        _callerSaid = callerSaid;
        Before = before;
        _player = new StepPlayer(context, place, textMatch, _cancellation.Token);
    }

    public ScenarioPlace Before { get; }

    /// <summary>Where the scenario goes on: back, when nothing of the reply can have been noticed.</summary>
    public ScenarioPlace PlaceNow => Completed || _player.CannotBeTakenBack ? _player.Place : Before;

    /// <summary>The client has been sent part of a turn that it must be told is over.</summary>
    public bool IsNoticeable => _player.HasSent && !Completed;

    public bool Completed { get; private set; }

    /// <summary>The client has been sent the transcript of the caller's turn.</summary>
    public bool CallerTranscribed { get; private set; }

    public Exception? Fault { get; private set; }

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
            Fault = fault;
        }
        finally
        {
            events.TryWrite(new CallerEvent.ReplyEnded(this));
        }
    }

    private async Task PlayAsync(CancellationToken cancelled)
    {
        _context.Session.Note(SessionEventKind.ReplyStarted);
        await _context.UpdateResumptionAsync(null);
        await TranscribeCallerAsync(cancelled);
        await Task.Delay(_context.Scenario.Delivery.ThinkTime, _context.Time, cancelled);
        if (_context.Terms.IncludeThoughts)
        {
            _context.Usage.Thought(Thought);
            await _context.Outbox.SendAsync(static json => ServerMessages.Text(json, Thought, thought: true));
        }

        await _player.PlayAsync(_steps);
        cancelled.ThrowIfCancellationRequested();
        _context.Session.Note(SessionEventKind.GenerationComplete);
        await _context.Outbox.SendAsync(static json => ServerMessages.Content(json, "generationComplete"));
        if (_context.Scenario.Delivery.TurnComplete == TurnCompletion.AfterPlayback)
            await _context.Playback.WaitUntilSilentAsync(cancelled);
        cancelled.ThrowIfCancellationRequested();
        Completed = true;
        await _context.EndTurnAsync();
        await _context.UpdateResumptionAsync(_player.Place);
    }

    private async Task TranscribeCallerAsync(CancellationToken cancelled)
    {
        if (_callerSaid is not { Length: > 0 } || !_context.Terms.InputTranscription)
            return;
        var fragments = TranscriptCutter.Cut(_callerSaid, _context.Random);
        for (var i = 0; i < fragments.Count; i++)
        {
            cancelled.ThrowIfCancellationRequested();
            var (fragment, finished) = (fragments[i], i == fragments.Count - 1 && _context.Terms.Api.IsVertex);
            await _context.Outbox.SendAsync(json => ServerMessages.Transcription(json, "inputTranscription", fragment, finished));
        }

        CallerTranscribed = true;
    }
}
