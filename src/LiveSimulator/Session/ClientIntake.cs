using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using VoiceGateway.Codecs;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// Takes the client's messages in: refuses what the service refuses, hears the caller in the audio, and passes on what the
/// <see cref="Conversation"/> has to react to, which a good <c>setup</c> starts.
/// </summary>
internal sealed class ClientIntake(
    SimulatedSession session, LiveApiPath api, Scenario scenario, Outbox outbox, ResumptionShelf shelf, TimeProvider time,
    Channel<CallerEvent> events, SessionFaults faults, Action<Conversation> start)
{
    private byte[] _pcm = [];
    private SessionContext? _context;
    private Conversation? _conversation;
    private CallerEar? _ear;

    /// <summary>Takes one whole message.</summary>
    /// <returns>Why the session is to be closed, or null.</returns>
    public Rejection? Take(ReadOnlyMemory<byte> message)
    {
        // The audio in a message is smaller than the message.
        if (_pcm.Length < message.Length)
            _pcm = new byte[message.Length * 2];
        if (_context is { } context)
            context.ClientMessages++;
        if (AudioFrameReader.TryRead(message.Span, _pcm, out var bytes, out var sampleRateHz))
            return CheckReady() ?? Hear(_pcm.AsSpan(0, bytes), sampleRateHz);
        if (ClientMessage.TryRead(message, out var other) is { } malformed)
            return malformed;
        if (other.Kind == ClientMessageKind.Setup)
            return SetUp(other.Body);
        return CheckReady() ?? other.Kind switch
        {
            ClientMessageKind.RealtimeInput => TakeRealtimeInput(other.Body),
            ClientMessageKind.ClientContent => TakeContent(other.Body),
            ClientMessageKind.ToolResponse => TakeToolResponse(other.Body),
            _ => TakeContextUpdate(other.Body),
        };
    }

    private Rejection? CheckReady() => _conversation switch
    {
        null => Rejection.Invalid("setup must be the first message and only the first."),
        { IsReady: false } => Rejection.Invalid("A message came before setupComplete was sent."),
        _ => null,
    };

    private Rejection? SetUp(JsonElement setup)
    {
        if (_conversation is not null)
            return Rejection.Invalid("setup must be the first message and only the first.");
        if (SetupReader.Read(setup, api, out var terms) is { } refused)
            return refused;
        var place = ScenarioPlace.Start;
        if (terms!.ResumptionHandle is { } handle)
        {
            if (session.Standing.Find<Fault.RefuseHandle>() is { } fault)
                return new Rejection(fault.Code, fault.Reason);
            if (shelf.TryTake(handle, session, out place) is { } notResumed)
                return notResumed;
        }

        session.Setup = setup;
        _ear = new CallerEar(terms);
        _context = new SessionContext(session, terms, scenario, outbox, shelf, time) { ClientMessages = 1 };
        _conversation = new Conversation(_context, place, events, faults);
        start(_conversation);
        return null;
    }

    private Rejection? TakeRealtimeInput(JsonElement input)
    {
        if (ClientRules.CheckRealtimeInput(input, _context!.Terms) is { } refused)
            return refused;
        if (input.TryGet("activityStart", out _) && _ear!.StartActivity())
            Post(new CallerEvent.SpeechStarted());
        if (input.TryGet("audio", out var audio) && TakeBlob(audio) is { } badAudio)
            return badAudio;
        foreach (var chunk in input.List("mediaChunks"))
        {
            if (chunk.Text("mimeType")?.StartsWith("image/", StringComparison.Ordinal) != true && TakeBlob(chunk) is { } badChunk)
                return badChunk;
        }

        if (input.Text("text") is { Length: > 0 } text)
        {
            session.NoteText(text);
            Post(new CallerEvent.TextTyped(text));
        }

        if (input.TryGet("activityEnd", out _) && _ear!.EndActivity())
            Post(new CallerEvent.SpeechEnded());
        if (input.Flag("audioStreamEnd"))
            EndStream();
        return null;
    }

    private void EndStream()
    {
        session.Note(SessionEventKind.AudioStreamEnd);
        // Some models do not heed it: there a turn ends by silence alone.
        if (_context!.Terms.Contract.AudioStreamEnd && _ear!.EndStream())
            Post(new CallerEvent.SpeechEnded());
    }

    private Rejection? TakeBlob(JsonElement blob)
    {
        if (ModelRules.CheckMime(blob.Text("mimeType"), out var sampleRateHz) is { } refused)
            return refused;
        var base64 = Encoding.UTF8.GetBytes(blob.Text("data") ?? "");
        if (!AudioFrameReader.TryDecode(base64, _pcm, out var bytes))
            return Rejection.Invalid("Invalid value at 'realtime_input.audio.data' (TYPE_BYTES), Base64 decoding failed.");
        return bytes % 2 == 0
            ? Hear(_pcm.AsSpan(0, bytes), sampleRateHz)
            : Rejection.Invalid("realtime_input.audio.data is not a whole number of 16-bit samples.");
    }

    private Rejection? Hear(ReadOnlySpan<byte> pcm, int sampleRateHz)
    {
        var samples = MemoryMarshal.Cast<byte, short>(pcm);
        session.NoteAudioReceived(samples, sampleRateHz);
        switch (_ear!.Hear(samples, sampleRateHz))
        {
            case VoiceActivity.SpeechStarted:
                Post(new CallerEvent.SpeechStarted());
                break;
            case VoiceActivity.SpeechEnded:
                Post(new CallerEvent.SpeechEnded());
                break;
        }

        return null;
    }

    private Rejection? TakeContent(JsonElement content)
    {
        session.NoteContent(content);
        Post(new CallerEvent.ContentSent(content));
        return null;
    }

    private Rejection? TakeToolResponse(JsonElement toolResponse)
    {
        if (ClientRules.CheckToolResponse(toolResponse, _context!.Terms, idsWereSent: !_context.IdsOmitted) is { } refused)
            return refused;
        Post(new CallerEvent.ToolsAnswered(toolResponse));
        return null;
    }

    private Rejection? TakeContextUpdate(JsonElement update)
    {
        if (ClientRules.CheckContextUpdate(_context!.Terms) is { } refused)
            return refused;
        if (!update.TryGet("tools", out _))
            return null;
        var fault = ToolDeclarations.Read(update, _context.Terms.Contract, out var tools);
        if (fault is null)
            _context.Tools = tools;
        return fault;
    }

    private void Post(CallerEvent happened) => events.Writer.TryWrite(happened);
}
