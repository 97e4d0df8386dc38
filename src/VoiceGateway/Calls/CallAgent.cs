using VoiceGateway.Abstractions;
using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;
using VoiceGateway.Tools;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>The agent's end of a call: its Live session, and the tools that this session may call.</summary>
internal sealed class CallAgent : IAsyncDisposable
{
    private readonly CallServices _services;
    private readonly AgentProfile _profile;
    private readonly CallAudioPath _audio;
    private readonly TurnTimeline _timeline;
    private readonly LiveConversation _conversation;
    private readonly ToolDispatcher _dispatcher;
    private readonly CallTools _tools;
    private readonly ToolSet _toolSet;
    private LiveSession? _live;

    public CallAgent(CallServices services, AgentProfile profile, CallContext context, CallAudioPath audio, HeardLedger ledger, TurnTimeline timeline)
    {
        (_services, _profile, _audio, _timeline) = (services, profile, audio, timeline);
        Model = profile.Model ?? services.Live.Model;
        _tools = new CallTools(timeline, services.Metrics);
        _toolSet = services.Tools.Select(profile.Tools, $"agents/{profile.Name}.json:tools");
        _dispatcher = new ToolDispatcher(_toolSet, context, _tools, _tools, services.ToolOptions, services.Time, services.Loggers.CreateLogger<ToolDispatcher>());
        _conversation = new LiveConversation(audio, ledger, timeline, services.Metrics, _dispatcher);
    }

    public string Model { get; }

    public (long Prompt, long Response) Tokens => (_conversation.PromptTokens, _conversation.ResponseTokens);

    public IReadOnlyList<CallToolCall> ToolCalls => _tools.Snapshot();

    /// <summary>Opens the session.</summary>
    /// <returns>Null when it is there; otherwise why it is not.</returns>
    /// <exception cref="OperationCanceledException">The call ended first.</exception>
    public async Task<LiveFailure?> ConnectAsync(CancellationToken cancelled)
    {
        var started = _timeline.Now;
        var options = new LiveSessionOptions
        {
            ConnectTimeout = _services.Live.SetupTimeout,
            SetupTimeout = _services.Live.SetupTimeout,
            TimeProvider = _services.Time,
            BufferPool = _services.BufferPool,
        };
        var result = await LiveSession.ConnectAsync(_services.Live.Endpoint, Setup(), _conversation, options, cancelled).ConfigureAwait(false);
        if (!result.IsConnected) return result.Failure;
        _live = result.Session;
        _tools.Attach(_live);
        _audio.Attach(_live);
        _timeline.Mark(TimelineMark.LiveReady);
        _services.Metrics.LiveConnected(_timeline.Now - started);
        return null;
    }

    /// <summary>Completes when the session is over. After <see cref="ConnectAsync"/>.</summary>
    public Task<LiveClose> Completion => _live!.Completion;

    /// <returns>False when this agent lets the caller speak first.</returns>
    public bool Greet()
    {
        if (_profile.Greeting.Length == 0) return false;
        // The model does not speak first by itself.
        _live!.SendText(_profile.Greeting);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _audio.Attach((LiveSession?)null);
        await _dispatcher.DisposeAsync().ConfigureAwait(false);
        if (_live is not null) await _live.DisposeAsync().ConfigureAwait(false);
    }

    private LiveSetup Setup() => new()
    {
        Model = Model,
        VoiceName = _profile.Voice,
        LanguageCode = _profile.Language,
        SystemInstruction = _profile.Instructions.Length == 0 ? null : _profile.Instructions,
        Functions = [.. _toolSet.Select(static t => new LiveFunction(t.Name, t.Description, t.ParametersSchema))],
    };
}
