using System.Buffers;
using System.Net.WebSockets;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// Sends one message after the other. A send is never cancelled, for that would abort the connection; a client that does not
/// read makes the conversation wait, as the service would. Once the connection is gone, sending does nothing.
/// </summary>
/// <remarks>
/// Nothing in it is disposed of: whoever stops the server or closes a session from outside may be in the middle of a call
/// here when the session ends by itself, and none of the parts holds anything but memory.
/// </remarks>
internal sealed class Outbox
{
    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(1);

    // How long the client may take to answer a close frame before the connection is dropped.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(3);

    private readonly WebSocket _socket;
    private readonly SimulatedSession _session;
    private readonly WireStyle _style;
    private readonly string _audioMimeType;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _writer;
    private readonly CancellationTokenSource _gone = new();
    private int _messages;

    public Outbox(WebSocket socket, SimulatedSession session, WireStyle style)
    {
        _socket = socket;
        _session = session;
        _style = style;
        _audioMimeType = style.BareMimeType ? "audio/pcm" : $"audio/pcm;rate={SpokenAudio.SampleRateHz}";
        _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Indented = style.Indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Cancelled when the connection has ended, or a close frame has been sent and the client has had its time to answer it.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <param name="pcm">24 kHz audio.</param>
    /// <param name="transcript">Shares the message, when there is one.</param>
    public async Task SendAudioAsync(ReadOnlyMemory<byte> pcm, string? transcript = null)
    {
        await _turn.WaitAsync();
        try
        {
            Begin();
            ServerMessages.Audio(_writer, pcm.Span, _audioMimeType, urlSafe: _session.Standing.Find<Fault.UrlSafeBase64>() is not null, transcript);
            await EndAsync();
            _session.NoteAudioSent(pcm.Length);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task SendAsync(Action<Utf8JsonWriter> write)
    {
        await _turn.WaitAsync();
        try
        {
            Begin();
            write(_writer);
            await EndAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task SendBytesAsync(ReadOnlyMemory<byte> message)
    {
        await _turn.WaitAsync();
        try
        {
            await TransmitAsync(message);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task CloseAsync(int code, string reason)
    {
        // A client that does not read would keep the close frame waiting behind the message that it does not read.
        if (!await _turn.WaitAsync(CloseWait))
        {
            Abort();
            return;
        }

        try
        {
            if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
                return;
            _session.CloseCode ??= code;
            _session.CloseReason ??= reason;
            _session.CloseCodeSent = code;
            // Who closes has done with the session: the client may resume it as soon as it reads this.
            _session.Release();
            using var timeout = new CancellationTokenSource(CloseWait);
            await _socket.CloseOutputAsync((WebSocketCloseStatus)code, reason.Length == 0 ? null : Rejection.Fit(reason), timeout.Token);
            _gone.CancelAfter(Linger);
        }
        catch (Exception fault) when (IsGone(fault))
        {
            Abort();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Abort()
    {
        _socket.Abort();
        _gone.Cancel();
    }

    /// <summary>The receiving side has seen the end of the connection.</summary>
    public void Leave() => _gone.Cancel();

    public static bool IsGone(Exception fault) =>
        fault is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException { Source: "System.Net.WebSockets" };

    private void Begin()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        if (_style.Sprinkle && _messages % 3 == 1)
        {
            // A client must skip what it does not know.
            _writer.WriteStartObject("futureField");
            _writer.WriteString("kind", "SOMETHING_NEW");
            _writer.WriteStartArray("values");
            _writer.WriteNumberValue(1);
            _writer.WriteNullValue();
            _writer.WriteEndArray();
            _writer.WriteEndObject();
        }
    }

    private async Task EndAsync()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        await TransmitAsync(_buffer.WrittenMemory);
    }

    private async Task TransmitAsync(ReadOnlyMemory<byte> message)
    {
        var frames = _session.Standing.Find<Fault.Frames>()?.Type ?? _style.Frames;
        var text = frames == FrameKind.Text || (frames == FrameKind.Alternating && _messages % 2 == 1);
        _messages++;
        if (_socket.State != WebSocketState.Open)
            return;
        try
        {
            await _socket.SendAsync(message, text ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception fault) when (IsGone(fault))
        {
            // The receiving side notices too, and ends the session.
        }
    }
}
