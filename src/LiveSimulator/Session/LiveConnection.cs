using System.Net.WebSockets;
using System.Threading.Channels;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// One WebSocket: reads the client's messages for the <see cref="ClientIntake"/>, runs the <see cref="Conversation"/>, and owns
/// every way in which they end. Reading never waits for the conversation, so that a caller can always be heard.
/// </summary>
internal sealed class LiveConnection
{
    // A 20 ms frame of 16 kHz audio takes about 940 bytes as JSON.
    private const int FirstBufferBytes = 4096;

    private readonly WebSocket _socket;
    private readonly SimulatedSession _session;
    private readonly LiveSimulatorOptions _options;
    private readonly Outbox _outbox;
    private readonly SessionFaults _faults;
    private readonly ClientIntake _intake;
    private readonly Channel<CallerEvent> _events = Channel.CreateUnbounded<CallerEvent>(new UnboundedChannelOptions { SingleReader = true });
    private byte[] _message = new byte[FirstBufferBytes];
    private Task _talking = Task.CompletedTask;

    public LiveConnection(
        WebSocket socket, ConnectionUnder under, SimulatedSession session, LiveApiPath api, Scenario scenario, ResumptionShelf shelf,
        IReadOnlyList<ArmedFault> armed, LiveSimulatorOptions options)
    {
        (_socket, _session, _options) = (socket, session, options);
        _outbox = new Outbox(socket, session, scenario.Wire);
        var injector = new FaultInjector(session, _outbox, under, _events.Writer, options.TimeProvider);
        _faults = new SessionFaults(session, injector, armed, options.TimeProvider);
        _intake = new ClientIntake(session, api, scenario, _outbox, shelf, options.TimeProvider, _events, _faults, conversation => _talking = TalkAsync(conversation));
        (session.Outbox, session.Injector) = (_outbox, injector);
    }

    /// <param name="refused">The client is turned away as soon as the WebSocket is open.</param>
    public async Task RunAsync(Rejection? refused)
    {
        try
        {
            await _faults.AtAsync(FaultMomentKind.Connect);
            if (refused is not null)
                await RefuseAsync(refused);
            await ReceiveAsync();
        }
        catch (Exception fault) when (Outbox.IsGone(fault))
        {
            _session.CloseCode ??= 1006;
        }
        catch (Exception fault)
        {
            await FailAsync(fault);
        }
        finally
        {
            _events.Writer.TryComplete();
            _outbox.Leave();
            await _talking;
            while (_events.Reader.TryRead(out var left))
                (left as CallerEvent.FaultDue)?.Done.TrySetResult(false);
            await _faults.EndAsync();
            _session.Outbox = null;
            _session.NoteEnd();
        }
    }

    private async Task ReceiveAsync()
    {
        var received = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_message.AsMemory(received), _outbox.Gone);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await AnswerCloseAsync();
                return;
            }

            received += part.Count;
            if (!part.EndOfMessage)
            {
                if (received == _message.Length && !Grow())
                    await RefuseAsync(new(1009, $"Message is larger than {_options.LargestMessageBytes} bytes."));
                // After a refusal the rest is read and dropped.
                if (received == _message.Length)
                    received = 0;
                continue;
            }

            var message = _message.AsMemory(0, received);
            received = 0;
            // What comes after a refusal does not count.
            if (_session.CloseCode is null && _intake.Take(message) is { } refused)
                await RefuseAsync(refused);
        }
    }

    private bool Grow()
    {
        if (_message.Length >= _options.LargestMessageBytes)
            return false;
        Array.Resize(ref _message, (int)Math.Min(_message.Length * 2L, _options.LargestMessageBytes));
        return true;
    }

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

    private async Task RefuseAsync(Rejection refused)
    {
        // The conversation may be in the middle of a message; it says nothing after the close frame.
        await _outbox.CloseAsync(refused.Code, refused.Reason);
        _events.Writer.TryComplete();
    }

    private async Task FailAsync(Exception fault)
    {
        _session.Fault ??= fault;
        _options.Log?.Invoke($"session {_session} failed: {fault}");
        await _outbox.CloseAsync(1011, "Internal error encountered.");
    }

    private async Task AnswerCloseAsync()
    {
        _session.CloseCodeReceived = (int?)_socket.CloseStatus;
        if (_session.CloseCode is null)
        {
            _session.ClosedByClient = true;
            _session.CloseCode = (int?)_socket.CloseStatus;
            _session.CloseReason = _socket.CloseStatusDescription;
        }

        if (_socket.State == WebSocketState.CloseReceived)
            await _outbox.CloseAsync(1000, "");
    }
}
