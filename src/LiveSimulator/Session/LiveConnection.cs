using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using VoiceGateway.Codecs;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// One WebSocket: reads the client's messages, refuses what the service refuses, hears the caller, and passes the rest on
/// to the <see cref="Conversation"/>. It never waits for the conversation, so that a caller can always be heard.
/// </summary>
internal sealed class LiveConnection(
    WebSocket socket, SimulatedSession session, LiveApiPath api, Scenario scenario, ResumptionShelf shelf, LiveSimulatorOptions options)
{
    // A 20 ms frame of 16 kHz audio takes about 940 bytes as JSON.
    private const int FirstBufferBytes = 4096;

    private readonly Outbox _outbox = new(socket, session, scenario.Wire);
    private readonly Channel<CallerEvent> _events = Channel.CreateUnbounded<CallerEvent>(new UnboundedChannelOptions { SingleReader = true });
    private byte[] _message = new byte[FirstBufferBytes];
    private byte[] _pcm = new byte[FirstBufferBytes];
    private SessionContext? _context;
    private Conversation? _conversation;
    private CallerEar? _ear;
    private Task _talking = Task.CompletedTask;

    /// <param name="refused">The client is turned away as soon as the WebSocket is open.</param>
    public async Task RunAsync(Rejection? refused = null)
    {
        session.Outbox = _outbox;
        try
        {
            if (refused is not null)
                await RefuseAsync(refused);
            await ReceiveAsync();
        }
        catch (Exception fault) when (Outbox.IsGone(fault))
        {
            session.CloseCode ??= 1006;
        }
        catch (Exception fault)
        {
            await FailAsync(fault);
        }
        finally
        {
            _events.Writer.TryComplete();
            await _talking;
            session.Outbox = null;
            session.NoteEnd();
        }
    }

    private async Task ReceiveAsync()
    {
        var received = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(_message.AsMemory(received), _outbox.Gone);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await AnswerCloseAsync();
                return;
            }

            received += part.Count;
            if (!part.EndOfMessage)
            {
                if (received == _message.Length && !Grow())
                    await RefuseAsync(new(1009, $"Message is larger than {options.LargestMessageBytes} bytes."));
                // After a refusal the rest is read and dropped.
                if (received == _message.Length)
                    received = 0;
                continue;
            }

            var message = _message.AsMemory(0, received);
            received = 0;
            // What comes after a refusal does not count.
            if (session.CloseCode is null && Take(message) is { } refused)
                await RefuseAsync(refused);
        }
    }

    private bool Grow()
    {
        if (_message.Length >= options.LargestMessageBytes)
            return false;
        Array.Resize(ref _message, (int)Math.Min(_message.Length * 2L, options.LargestMessageBytes));
        _pcm = new byte[_message.Length];
        return true;
    }

    private Rejection? Take(ReadOnlyMemory<byte> message)
    {
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
        if (terms!.ResumptionHandle is { } handle && shelf.TryTake(handle, out place) is { } notResumed)
            return notResumed;
        session.Setup = setup;
        _ear = new CallerEar(terms);
        _context = new SessionContext(session, terms, scenario, _outbox, shelf, options.TimeProvider) { ClientMessages = 1 };
        _conversation = new Conversation(_context, place, _events);
        _talking = TalkAsync(_conversation);
        return null;
    }

    /// <summary>Runs the conversation, and owns every way in which it can end.</summary>
    private async Task TalkAsync(Conversation conversation)
    {
        try
        {
            await conversation.RunAsync();
        }
        catch (Exception fault)
        {
            await FailAsync(fault);
        }
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
        var base64 = System.Text.Encoding.UTF8.GetBytes(blob.Text("data") ?? "");
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
        if (ClientRules.CheckToolResponse(toolResponse, _context!.Terms, idsWereSent: !scenario.Wire.OmitToolCallIds) is { } refused)
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

    private void Post(CallerEvent happened) => _events.Writer.TryWrite(happened);

    private async Task RefuseAsync(Rejection refused)
    {
        // The conversation may be in the middle of a message; it says nothing after the close frame.
        await _outbox.CloseAsync(refused.Code, refused.Reason);
        _events.Writer.TryComplete();
    }

    private async Task FailAsync(Exception fault)
    {
        session.Fault ??= fault;
        options.Log?.Invoke($"session {session} failed: {fault}");
        await _outbox.CloseAsync(1011, "Internal error encountered.");
    }

    private async Task AnswerCloseAsync()
    {
        if (session.CloseCode is null)
        {
            session.ClosedByClient = true;
            session.CloseCode = (int?)socket.CloseStatus;
            session.CloseReason = socket.CloseStatusDescription;
        }

        if (socket.State == WebSocketState.CloseReceived)
            await _outbox.CloseAsync(1000, "");
    }
}
