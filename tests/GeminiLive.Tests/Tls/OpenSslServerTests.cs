using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Against a server that is not .NET's, which can do what .NET's does not.</summary>
public sealed class OpenSslServerTests
{
    // What the server says when it has.
    private const string KeyChanged = "SSL_do_handshake -> 1";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task Both_KeysChangeInMidTraffic_NothingIsLost()
    {
        Skip.IfNot(OpenSslServer.IsInstalled, "no openssl");
        const int Updates = 20, LinesPerWrite = 10;
        await using OpenSslServer server = OpenSslServer.Start(TestCertificate.OfAuthority("127.0.0.1"));
        await using TlsStream client = await ConnectAsync(server);
        int writes = 0;
        bool isEnough = false;
        Task up = Task.Run(async () =>
        {
            // Without a pause, so that the network is full.
            for (; !Volatile.Read(ref isEnough); Volatile.Write(ref writes, writes + 1))
                await client.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(writes * LinesPerWrite, LinesPerWrite).Select(Line))));
        });
        for (int update = 1; update <= Updates; update++)
        {
            // What is typed before it has looked would be one text.
            await server.TypeAsync("K");
            await UntilAsync(() => server.Lines.Count(line => line.EndsWith(KeyChanged, StringComparison.Ordinal)) == update);
            await server.TypeAsync($"down {update}");
            Assert.Equal($"down {update}\n", await ReadUntilAsync(client, "\n").WaitAsync(Soon));

            // Ours goes out ahead of the next write that begins. OpenSSL does not survive another request before that (ADR 22).
            int before = Volatile.Read(ref writes);
            await UntilAsync(() => Volatile.Read(ref writes) >= before + 2 || up.IsCompleted);
        }

        Volatile.Write(ref isEnough, true);
        await up.WaitAsync(Soon);
        int lines = writes * LinesPerWrite;
        await UntilAsync(() => server.Lines.Contains(Line(lines - 1).TrimEnd()));

        // It says that between two reads, which need not end with a line.
        string came = string.Join('\n', server.Lines).Replace($"{KeyChanged}\n", "", StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, lines), Regex.Matches(came, "^up +([0-9]+)$", RegexOptions.Multiline).Select(line => int.Parse(line.Groups[1].Value)));

        string messages = await server.EndAsync();
        Assert.Equal(Updates, Regex.Matches(messages, ">>> TLS 1.3, Handshake .*KeyUpdate").Count);
        Assert.Equal(Updates, Regex.Matches(messages, "<<< TLS 1.3, Handshake .*KeyUpdate").Count);
    }

    /// <summary>It asks again in the middle of a connection (RFC 5246 section 7.4.1.1), which is answered with a no.</summary>
    [SkippableFact]
    public async Task Read_ServerWantsToRenegotiate_Ends()
    {
        Skip.IfNot(OpenSslServer.IsInstalled, "no openssl");
        await using OpenSslServer server = OpenSslServer.Start(TestCertificate.OfAuthority("127.0.0.1"), "-tls1_2");
        await using TlsStream client = await ConnectAsync(server);
        await server.TypeAsync("down");
        Assert.Equal("down\n", await ReadUntilAsync(client, "down\n").WaitAsync(Soon));

        await server.TypeAsync("r");
        await Assert.ThrowsAsync<IOException>(() => ReadUntilAsync(client, "down\n").WaitAsync(Soon));
    }

    private static string Line(int number) => $"up {number,100}\n";

    private static async Task<TlsStream> ConnectAsync(OpenSslServer server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = 16 * 1024 };
        await socket.ConnectAsync("127.0.0.1", await server.Port.WaitAsync(Soon));
        return await TlsStream.ConnectAsync(
            socket, new PeerWatch(TimeSpan.FromSeconds(8), TimeProvider.System), new TlsContext([TestCertificate.Authority]), "127.0.0.1", CancellationToken.None).WaitAsync(Soon);
    }

    private static async Task<string> ReadUntilAsync(Stream stream, string end)
    {
        var text = new StringBuilder();
        var buffer = new byte[1000];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
            int read = await stream.ReadAsync(buffer);
            if (read == 0) throw new EndOfStreamException(text.ToString());
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    private static async Task UntilAsync(Func<bool> happens)
    {
        using var limit = new CancellationTokenSource(Soon);
        while (!happens()) await Task.Delay(10, limit.Token);
    }
}
