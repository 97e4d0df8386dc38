using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// Brings a fault over one session. Deeds that only concern the connection are done here; those that the conversation must know
/// of are left to its loop; lasting faults are noted for those who carry them out.
/// </summary>
internal sealed class FaultInjector(
    SimulatedSession session, Outbox outbox, ConnectionUnder under, ChannelWriter<CallerEvent> events, TimeProvider time)
{
    // How long the client may take to leave.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(3);

    private const int NoCode = 1005;
    private static readonly byte[] EmptyCloseFrame = [0x88, 0x00];

    private readonly Lock _gate = new();
    private readonly List<Task> _later = [];
    private CancellationTokenRegistration _leaving;

    /// <returns>False when the session is over.</returns>
    /// <exception cref="ArgumentException">The fault is for connections to come.</exception>
    public async Task<bool> InjectAsync(Fault fault)
    {
        if (fault is Fault.AtTheDoor)
            throw new ArgumentException($"{fault.Kind} is for connections to come: arm it on the server.");
        if (outbox.Gone.IsCancellationRequested || session.Released.IsCompleted || session.CloseCode is not null)
            return false;
        session.NoteFault(fault);
        switch (fault)
        {
            case Fault.Lasting lasting:
                session.Standing.Set(lasting);
                break;
            case Fault.GoAway goAway:
                await SendGoAwayAsync(goAway);
                break;
            case Fault.Drop drop:
                Drop(drop.How);
                break;
            case Fault.HalfOpen halfOpen:
                Freeze(halfOpen);
                break;
            case Fault.DeafAndDumb:
                under.Wire.Mute();
                break;
            case Fault.Close { Code: NoCode }:
                await CloseWithoutCodeAsync();
                break;
            case Fault.Close close:
                await outbox.CloseAsync(close.Code, close.Reason);
                break;
            case Fault.Malformed malformed:
                for (var i = 0; i < malformed.Messages; i++)
                    await outbox.SendBytesAsync(BrokenMessages.Pick(i));
                break;
            case Fault.Enormous enormous:
                await outbox.SendBytesAsync(BrokenMessages.Enormous(enormous.Megabytes));
                break;
            case Fault.UnknownFields:
                foreach (var message in BrokenMessages.FromTheFuture)
                    await outbox.SendBytesAsync(Encoding.UTF8.GetBytes(message));
                break;
            case Fault.Raw raw:
                await outbox.SendBytesAsync(Encoding.UTF8.GetBytes(raw.Text));
                break;
            default:
                return await LeaveToConversationAsync(fault);
        }

        return true;
    }

    /// <summary>Cancelled when the session is over.</summary>
    public CancellationToken Gone => outbox.Gone;

    /// <summary>The same without waiting until it has happened; a lasting fault is on when this returns.</summary>
    public void Start(Fault fault)
    {
        var started = InjectAsync(fault);
        lock (_gate)
            _later.Add(started);
    }

    /// <summary>Waits for what was to happen later; it ends when the session does.</summary>
    public async Task EndAsync()
    {
        await _leaving.DisposeAsync();
        Task[] later;
        lock (_gate)
            later = [.. _later];
        await Task.WhenAll(later);
    }

    private async Task<bool> LeaveToConversationAsync(Fault fault)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        return events.TryWrite(new CallerEvent.FaultDue(fault, done)) && await done.Task;
    }

    private async Task SendGoAwayAsync(Fault.GoAway goAway)
    {
        var left = string.Create(CultureInfo.InvariantCulture, $"{goAway.TimeLeft.TotalSeconds:0.###}s");
        await outbox.SendAsync(json =>
        {
            json.WriteStartObject("goAway");
            json.WriteString("timeLeft", left);
            json.WriteEndObject();
        });
        Later(goAway.TimeLeft, () => outbox.CloseAsync(goAway.Code, goAway.Reason));
    }

    private void Drop(DropStyle how)
    {
        session.CloseCode = 1006;
        session.Release();
        if (how == DropStyle.Reset || under.Tcp is null)
        {
            // With no time to linger the kernel answers with RST.
            under.Tcp?.Close(0);
            outbox.Abort();
            return;
        }

        under.Wire.Mute();
        under.Tcp.Shutdown(SocketShutdown.Send);
        Later(Linger, AbortAsync);
    }

    /// <summary>The WebSocket itself would write 1005 into the frame, which is not allowed (RFC 6455, 7.4.1).</summary>
    private async Task CloseWithoutCodeAsync()
    {
        (session.CloseCode, session.CloseCodeSent) = (NoCode, NoCode);
        session.Release();
        await under.Wire.WriteAsync(EmptyCloseFrame, outbox.Gone);
        under.Wire.Mute();
        Later(Linger, AbortAsync);
    }

    private void Freeze(Fault.HalfOpen halfOpen)
    {
        under.Wire.Freeze();
        // Nobody reads any more, so that nobody else would notice that the client leaves.
        _leaving = under.Aborted.Register(outbox.Abort);
        if (!halfOpen.KeepsHandle)
            session.Release();
        Later(halfOpen.Lasts, AbortAsync);
    }

    private Task AbortAsync()
    {
        outbox.Abort();
        return Task.CompletedTask;
    }

    private void Later(TimeSpan after, Func<Task> act)
    {
        lock (_gate)
            _later.Add(WaitAndActAsync());

        async Task WaitAndActAsync()
        {
            try
            {
                await Task.Delay(after, time, outbox.Gone);
                await act();
            }
            catch (OperationCanceledException)
            {
                // The client has left before.
            }
        }
    }
}
