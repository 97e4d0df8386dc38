using VoiceGateway.Abstractions;
using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;
using VoiceGateway.Tools;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>The agent's end of a call: its conversation with the model, and the tools that the model may call.</summary>
internal sealed class CallAgent : IAsyncDisposable
{
    private readonly CallServices _services;
    private readonly AgentProfile _profile;
    private readonly CallContext _context;
    private readonly CallAudioPath _audio;
    private readonly TurnTimeline _timeline;
    private readonly ConversationWatch _watch;
    private readonly LiveConversation _conversation;
    private readonly ToolDispatcher _dispatcher;
    private readonly CallTools _tools;
    private readonly ToolSet _toolSet;
    private readonly ILogger<CallAgent> _log;
    private string _greeting = "";
    private LiveLink? _link;

    public CallAgent(
        CallServices services, AgentProfile profile, CallContext context, CallAudioPath audio, HeardLedger ledger, TurnTimeline timeline, ConversationWatch watch)
    {
        (_services, _profile, _context, _audio, _timeline, _watch) = (services, profile, context, audio, timeline, watch);
        _log = services.Loggers.CreateLogger<CallAgent>();
        _toolSet = services.Tools.Select(profile.Tools, $"agents/{profile.Name}.json:tools");
        _tools = new CallTools(timeline, services.Metrics, watch, Scheduling);
        _dispatcher = new ToolDispatcher(_toolSet, context, _tools, _tools, services.ToolOptions, services.Time, services.Loggers.CreateLogger<ToolDispatcher>());
        _tools.RunBy(_dispatcher);
        Usage = services.Usage.Begin(timeline, services.Live.ModelOf(profile));
        Journal = new LinkJournal(timeline, services.Metrics, _log);
        _conversation = new LiveConversation(audio, ledger, timeline, _tools, watch, Usage, Journal);
    }

    /// <summary>Which model answers, or is being sought.</summary>
    public string Model => _link?.Route.Setup.Model ?? _services.Live.ModelOf(_profile);

    public CallUsage Usage { get; }

    public LinkJournal Journal { get; }

    public IReadOnlyList<CallToolCall> ToolCalls => _tools.Snapshot();

    /// <summary>Completes when the conversation cannot go on. After <see cref="ConnectAsync"/>.</summary>
    public Task<LiveLinkEnd> Completion => _link!.Completion;

    /// <summary>Opens the conversation.</summary>
    /// <returns>Null when it is there; otherwise why it is not.</returns>
    /// <exception cref="OperationCanceledException">The call ended first.</exception>
    public async Task<LiveFailure?> ConnectAsync(CancellationToken cancelled)
    {
        var started = _timeline.Now;
        var customer = await CustomerLookup.FindAsync(_profile, _services.Tools, _context, _services.Time, _log, cancelled).ConfigureAwait(false);
        var variables = CallVariables.Of(_profile, _context, _services.Time, customer);
        _greeting = AgentSetup.Greeting(_profile, variables);
        _conversation.Seed = AgentSetup.History(_profile, variables);
        _link = new LiveLink(Routes(variables), _conversation, LinkOptions());
        _conversation.Attach(_link);
        _tools.Attach(_link);
        if (await _link.StartAsync(cancelled).ConfigureAwait(false) is { } failure) return failure;
        _audio.Attach(_link);
        _timeline.Mark(TimelineMark.LiveReady);
        _services.Metrics.LiveConnected(_timeline.Now - started);
        return null;
    }

    /// <returns>False when this agent lets the caller speak first.</returns>
    public bool Greet()
    {
        if (_greeting.Length == 0) return false;
        // The model does not speak first by itself.
        Tell(_greeting);
        _watch.Nudged();
        return true;
    }

    /// <summary>The model is asked for something, and owes an answer.</summary>
    /// <param name="text">In words.</param>
    /// <param name="keep">False: of this moment only, see <see cref="LiveLink.SendText"/>.</param>
    public void Tell(string text, bool keep = true) => _link?.SendText(text, keep);

    /// <summary>Something that the model should know and need not answer.</summary>
    public void Note(string text) => _link?.SendContext(text);

    /// <summary>Another task from now on.</summary>
    public void Instruct(string instructions, IReadOnlyList<string>? tools)
    {
        if (_link is not { } link) return;
        var functions = tools is null ? null : link.Route.Setup.Functions.Where(f => tools.Contains(f.Name)).ToList();
        if (!link.UpdateContext(instructions, functions)) link.SendText(SystemNote.Instructions(instructions), keep: false);
    }

    /// <summary>Given up on by whoever watches the conversation.</summary>
    /// <param name="elsewhere">By another route, or at least in another session.</param>
    public void Reconnect(bool elsewhere) => _link?.Reconnect(elsewhere);

    public async ValueTask DisposeAsync()
    {
        _audio.Attach((LiveLink?)null);
        await _dispatcher.DisposeAsync().ConfigureAwait(false);
        if (_link is not null) await _link.DisposeAsync().ConfigureAwait(false);
        // Not at the end of the signalling, which may take half a minute: somebody else may want the session.
        Journal.Place?.Dispose();
    }

    // Home may be full: the call begins where it was given a place, and home is a fallback then.
    private IReadOnlyList<LiveRoute> Routes(CallVariables variables)
    {
        var routes = _services.Live.RoutesFor(_profile, _toolSet, variables);
        var first = routes.TakeWhile(r => r.Name != Journal.Place?.Route).Count();
        return first == routes.Count ? routes : [.. routes.Skip(first), .. routes.Take(first)];
    }

    private LiveLinkOptions LinkOptions() => _services.Live.Link with
    {
        Session = _services.Live.Link.Session with
        {
            ConnectTimeout = _services.Live.SetupTimeout,
            SetupTimeout = _services.Live.SetupTimeout,
            TimeProvider = _services.Time,
            BufferPool = _services.BufferPool,
        },
    };

    private LiveScheduling? Scheduling(string tool) => _toolSet.TryGet(tool, out var known) ? AgentSetup.Scheduling(_profile, known) : null;
}
