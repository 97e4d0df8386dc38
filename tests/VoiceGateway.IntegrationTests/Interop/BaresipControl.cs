using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>baresip's module ctrl_tcp: JSON objects in netstrings (<c>12:{"event":...},</c>), commands there, answers and events back.</summary>
internal sealed class BaresipControl : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _connection;
    private readonly Channel<JsonElement> _responses = Channel.CreateUnbounded<JsonElement>();
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();
    private readonly Task _reading;

    private BaresipControl(TcpClient connection)
    {
        _connection = connection;
        _reading = ReadAsync();
    }

    /// <summary>Waits until the program listens.</summary>
    public static async Task<BaresipControl> ConnectAsync(int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            var connection = new TcpClient();
            try
            {
                await connection.ConnectAsync(IPAddress.Loopback, port);
                return new BaresipControl(connection);
            }
            catch (SocketException) when (attempt < 200)
            {
                connection.Dispose();
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Returns when the command has been carried out; fails the test when it could not be.</summary>
    public async Task CommandAsync(string command, string? parameters = null)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new { command, @params = parameters ?? "", token = command });
        await _connection.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{json.Length}:"), .. json, (byte)',']);
        var response = await _responses.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.True(response.GetProperty("ok").GetBoolean(), $"baresip could not {command}: {response}");
    }

    /// <summary>The next event of this type; others before it are passed over.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public async Task<string> EventAsync(string type, TimeSpan patience)
    {
        using var enough = new CancellationTokenSource(patience);
        try
        {
            while (true)
            {
                var next = await _events.Reader.ReadAsync(enough.Token);
                if (next.GetProperty("type").GetString() == type) return next.ToString();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            throw new TimeoutException($"no {type}", e);
        }
    }

    public void Dispose() => _connection.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            var stream = _connection.GetStream();
            while (true)
            {
                var body = new byte[await ReadLengthAsync(stream) + 1];
                await stream.ReadExactlyAsync(body);
                var message = JsonSerializer.Deserialize<JsonElement>(body.AsSpan(..^1));
                (message.TryGetProperty("event", out _) ? _events : _responses).Writer.TryWrite(message);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // The program has ended, or we have.
            _events.Writer.TryComplete();
            _responses.Writer.TryComplete();
        }
    }

    private static async Task<int> ReadLengthAsync(NetworkStream stream)
    {
        var digits = new StringBuilder();
        var one = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(one);
            if (one[0] == ':') return int.Parse(digits.ToString(), NumberStyles.None, CultureInfo.InvariantCulture);
            digits.Append((char)one[0]);
        }
    }
}
