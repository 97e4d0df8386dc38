using System.Diagnostics;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using VoiceGateway.Codecs;

namespace VoiceGateway.LiveSimulator.Tests;

/// <summary>A client that knows no more of the protocol than JSON: it sends texts and keeps every message that comes.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    public const string DeveloperPath = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
    public const string VertexPath = "/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<JsonElement> _messages = [];
    private readonly List<WebSocketMessageType> _frameTypes = [];
    private readonly ClientWebSocket _socket = new();
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _taken;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public List<WebSocketMessageType> FrameTypes
    {
        get
        {
            lock (_gate)
                return [.. _frameTypes];
        }
    }

    public List<JsonElement> Messages
    {
        get
        {
            lock (_gate)
                return [.. _messages];
        }
    }

    public static async Task<TestClient> ConnectAsync(LiveSimulatorServer server, string path = DeveloperPath, Action<ClientWebSocketOptions>? configure = null)
    {
        var client = new TestClient();
        configure?.Invoke(client._socket.Options);
        await client._socket.ConnectAsync(new Uri(server.Endpoint, path), CancellationToken.None).WaitAsync(Patience);
        client._reading = client.ReadAsync();
        return client;
    }

    /// <summary>Connects, sets up and waits for <c>setupComplete</c>.</summary>
    public static async Task<TestClient> StartAsync(LiveSimulatorServer server, string setupMembers = "", string path = DeveloperPath, string model = "models/gemini-3.8-live")
    {
        var client = await ConnectAsync(server, path);
        await client.SendSetupAsync(setupMembers, model);
        await client.WaitAsync("setupComplete", static m => m.TryGetProperty("setupComplete", out _));
        return client;
    }

    public Task SendSetupAsync(string members = "", string model = "models/gemini-3.8-live") => SendAsync(
        "{\"setup\":{\"model\":\"" + model + "\"" + (members.Length > 0 ? "," + members : "") + "}}");

    public Task SendAsync(string json) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task NudgeAsync(string text = "The caller is on the line.") => SendAsync(JsonSerializer.Serialize(new { realtimeInput = new { text } }));

    public async Task SendAudioAsync(ReadOnlyMemory<short> pcm16kHz)
    {
        for (var i = 0; i < pcm16kHz.Length; i += 320)
        {
            var frame = MemoryMarshal.AsBytes(pcm16kHz.Span[i..Math.Min(i + 320, pcm16kHz.Length)]);
            await SendAsync(AudioFrame(frame));
        }
    }

    public static string AudioFrame(ReadOnlySpan<byte> pcm, string mimeType = "audio/pcm;rate=16000") =>
        "{\"realtimeInput\":{\"audio\":{\"data\":\"" + Convert.ToBase64String(pcm) + "\",\"mimeType\":\"" + mimeType + "\"}}}";

    /// <summary>One of the recorded caller's lines, sent much faster than it was spoken, and the silence that ends a turn.</summary>
    public async Task SpeakAsync(int line = 0, int silenceMs = 700)
    {
        await SendAudioAsync(CallerSpeech(line));
        await SendAudioAsync(new short[silenceMs * 16]);
    }

    public static short[] CallerSpeech(int line)
    {
        var recorded = CallerVoice.Lines[line].Read().Samples;
        var resampler = Resampler.From8To16kHz();
        var pcm = new short[resampler.MaxOutputSamples(recorded.Length)];
        return pcm[..resampler.Process(recorded, pcm)];
    }

    public async Task<JsonElement> WaitAsync(string what, Predicate<JsonElement> matches)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                for (; _taken < _messages.Count; _taken++)
                {
                    if (matches(_messages[_taken]))
                        return _messages[_taken++];
                }

                changed = _changed.Task;
            }

            if (_reading.IsCompleted || Stopwatch.GetElapsedTime(started) > Patience)
                throw new InvalidOperationException($"No {what}. Closed: {CloseStatus} {CloseReason}. Came: {string.Join(' ', Order())} [{Transcript()}]. Last: {string.Join('\n', Messages.TakeLast(5).Select(static m => m.GetRawText()[..Math.Min(200, m.GetRawText().Length)]))}");
            await Task.WhenAny(changed, _reading, Task.Delay(Patience));
        }
    }

    public Task<JsonElement> WaitForContentAsync(string flag) => WaitAsync(flag, m => m.TryGetProperty("serverContent", out var content) && content.TryGetProperty(flag, out _));

    public async Task<JsonElement> WaitForToolCallAsync() =>
        (await WaitAsync("toolCall", static m => m.TryGetProperty("toolCall", out _))).GetProperty("toolCall").GetProperty("functionCalls");

    /// <summary>Waits until nothing has come for a while.</summary>
    public async Task SilenceAsync()
    {
        for (int count = -1; count != Messages.Count; await Task.Delay(600))
            count = Messages.Count;
    }

    public async Task<string> NextHandleAsync() => (await WaitAsync("handle", static m =>
        m.TryGetProperty("sessionResumptionUpdate", out var update) && update.GetProperty("resumable").GetBoolean()))
        .GetProperty("sessionResumptionUpdate").GetProperty("newHandle").GetString()!;

    public Task AnswerToolAsync(JsonElement call, string response, string extra = "") => SendAsync(
        "{\"toolResponse\":{\"functionResponses\":[{\"id\":" + call.GetProperty("id").GetRawText() + ",\"name\":" + call.GetProperty("name").GetRawText()
        + ",\"response\":" + response + extra + "}]}}");

    /// <summary>The transcript so far, fragments joined.</summary>
    public string Transcript(string direction = "outputTranscription") => string.Concat(Contents()
        .Select(content => content.TryGetProperty(direction, out var transcription) ? transcription.GetProperty("text").GetString() : ""));

    public byte[] Audio() => [.. Contents().SelectMany(AudioOf)];

    public List<int> AudioSizes() => [.. Contents().Select(static content => AudioOf(content).Length).Where(static length => length > 0)];

    public int Count(string flag) => Contents().Count(content => content.TryGetProperty(flag, out _));

    /// <summary>The order in which things came, audio and transcripts left out.</summary>
    public List<string> Order() => [.. Messages.SelectMany(static m => m.EnumerateObject())
        .SelectMany(static m => m.Name == "serverContent" ? m.Value.EnumerateObject().Select(static c => c.Name) : [m.Name])
        .Where(static name => name is not ("modelTurn" or "inputTranscription" or "outputTranscription" or "futureField"))];

    public Task WaitForCloseAsync() => _reading.WaitAsync(Patience);

    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None).WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading.WaitAsync(Patience);
        _socket.Dispose();
    }

    private IEnumerable<JsonElement> Contents() => Messages.Where(static m => m.TryGetProperty("serverContent", out _)).Select(static m => m.GetProperty("serverContent"));

    private static byte[] AudioOf(JsonElement content) =>
        content.TryGetProperty("modelTurn", out var turn) && turn.GetProperty("parts")[0].TryGetProperty("inlineData", out var inline)
            ? inline.GetProperty("data").GetBytesFromBase64()
            : [];

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 20];
        var length = 0;
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    if (_socket.State == WebSocketState.CloseReceived)
                        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
                    return;
                }

                length += part.Count;
                if (!part.EndOfMessage)
                    continue;
                Keep(JsonElement.Parse(buffer.AsSpan(0, length)), part.MessageType);
                length = 0;
            }
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
        finally
        {
            Wake();
        }
    }

    private void Keep(JsonElement message, WebSocketMessageType type)
    {
        lock (_gate)
        {
            _messages.Add(message);
            _frameTypes.Add(type);
        }

        Wake();
    }

    private void Wake()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }
}
