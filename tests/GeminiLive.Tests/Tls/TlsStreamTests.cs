using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Against .NET's own TLS as the server.</summary>
public sealed class TlsStreamTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Both_ManyBytesAtOnceBothWays_ArriveAsTheyWere(SslProtocols protocol)
    {
        await using TlsPair pair = await TlsPair.ConnectAsync(protocols: protocol);
        byte[] up = Noise(1, 3_000_000), down = Noise(2, 3_000_000);
        Task<byte[]> there = ReadAllAsync(pair.Server, up.Length, 7), here = ReadAllAsync(pair.Client, down.Length, 8);
        await Task.WhenAll(WriteInPiecesAsync(pair.Client, up, 9), WriteInPiecesAsync(pair.Server, down, 10)).WaitAsync(Soon);
        Assert.Equal(up, await there.WaitAsync(Soon));
        Assert.Equal(down, await here.WaitAsync(Soon));
    }

    [Fact]
    public async Task Write_PeerDoesNotRead_WaitsAndLosesNothing()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync(receiveBuffer: 4096);
        byte[] sent = Noise(3, 400_000);
        Task writing = pair.Client.WriteAsync(sent).AsTask();
        await Task.Delay(300);
        Assert.False(writing.IsCompleted);

        byte[] got = await ReadAllAsync(pair.Server, sent.Length, 4).WaitAsync(Soon);
        await writing.WaitAsync(Soon);
        Assert.Equal(sent, got);
    }

    [Fact]
    public async Task Read_WithoutABuffer_WaitsForTheFirstByte()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();

        // What TLS 1.3 sends behind the handshake is none of ours.
        await pair.Server.WriteAsync(new byte[1]);
        Assert.Equal(1, await pair.Client.ReadAsync(new byte[10]).AsTask().WaitAsync(Soon));
        Task<int> waiting = pair.Client.ReadAsync(Memory<byte>.Empty).AsTask();
        await Task.Delay(50);
        Assert.False(waiting.IsCompleted);

        await pair.Server.WriteAsync("abc"u8.ToArray());
        Assert.Equal(0, await waiting.WaitAsync(Soon));

        // A part is taken: the rest is there at once.
        var one = new byte[1];
        Assert.Equal(1, await pair.Client.ReadAsync(one));
        Assert.Equal(0, await pair.Client.ReadAsync(Memory<byte>.Empty).AsTask().WaitAsync(Soon));
        var rest = new byte[10];
        Assert.Equal(2, await pair.Client.ReadAsync(rest));
        Assert.Equal("abc", Encoding.ASCII.GetString(one) + Encoding.ASCII.GetString(rest, 0, 2));
    }

    [Fact]
    public async Task Read_SeveralRecordsHaveCome_BringsThemAtOnce()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        for (int record = 0; record < 10; record++) await pair.Server.WriteAsync(new byte[100]);
        await Task.Delay(200);
        var buffer = new byte[4096];
        Assert.Equal(1000, await pair.Client.ReadAsync(buffer).AsTask().WaitAsync(Soon));
    }

    [Fact]
    public async Task Read_ServerCloses_IsTheEnd()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        await pair.Server.WriteAsync("last"u8.ToArray());
        pair.Network.Shutdown(SocketShutdown.Both);
        byte[] got = await ReadAllAsync(pair.Client, 4, 1).WaitAsync(Soon);
        Assert.Equal("last", Encoding.ASCII.GetString(got));
        Assert.Equal(0, await pair.Client.ReadAsync(new byte[10]).AsTask().WaitAsync(Soon));
    }

    /// <summary>The server takes its leave and waits for ours before it closes the connection.</summary>
    [Fact]
    public async Task Read_LeaveBehindTheLastBytes_IsTheEndAtOnce()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        await pair.Server.WriteAsync("last"u8.ToArray());
        await ((SslStream)pair.Server).ShutdownAsync();
        await Task.Delay(100);
        var buffer = new byte[100];
        Assert.Equal(4, await pair.Client.ReadAsync(buffer).AsTask().WaitAsync(Soon));
        Assert.Equal(0, await pair.Client.ReadAsync(Memory<byte>.Empty).AsTask().WaitAsync(Soon));
        Assert.Equal(0, await pair.Client.ReadAsync(buffer).AsTask().WaitAsync(Soon));
    }

    [Fact]
    public async Task Read_GarbageBehindTheLastBytes_IsToldToTheNext()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        await pair.Server.WriteAsync("last"u8.ToArray());
        await pair.Network.SendAsync(Noise(6, 100));
        await Task.Delay(100);
        var buffer = new byte[100];
        Assert.Equal(4, await pair.Client.ReadAsync(buffer).AsTask().WaitAsync(Soon));
        for (int again = 0; again < 2; again++)
        {
            var fault = await Assert.ThrowsAsync<IOException>(() => pair.Client.ReadAsync(Memory<byte>.Empty).AsTask().WaitAsync(Soon));
            Assert.DoesNotContain("no reason", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Read_ConnectionReset_SaysSo()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        Task<int> reading = pair.Client.ReadAsync(new byte[10]).AsTask();
        pair.Network.Close(0);
        var broken = await Assert.ThrowsAnyAsync<IOException>(() => reading.WaitAsync(Soon));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(broken.GetBaseException()).SocketErrorCode);
    }

    [Fact]
    public async Task Read_Garbage_IsAnErrorAndStaysOne()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        await pair.Network.SendAsync(Noise(5, 100));
        await Assert.ThrowsAsync<IOException>(() => pair.Client.ReadAsync(new byte[10]).AsTask().WaitAsync(Soon));
        await Assert.ThrowsAsync<IOException>(() => pair.Client.ReadAsync(new byte[10]).AsTask().WaitAsync(Soon));
    }

    [Fact]
    public async Task Dispose_WhileReadingAndWriting_EndsBoth()
    {
        for (int round = 0; round < 50; round++)
        {
            await using TlsPair pair = await TlsPair.ConnectAsync(receiveBuffer: 4096);
            Task<int> reading = pair.Client.ReadAsync(new byte[10]).AsTask();
            Task writing = Task.Run(async () =>
            {
                var piece = new byte[1000];
                while (true) await pair.Client.WriteAsync(piece);
            });
            await Task.Delay(round % 5);
            await pair.Client.DisposeAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(Soon));
            Exception fault = await Assert.ThrowsAnyAsync<Exception>(() => writing.WaitAsync(Soon));
            Assert.IsNotType<TimeoutException>(fault);
            await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Client.ReadAsync(new byte[10]).AsTask());
            await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Client.WriteAsync(new byte[10]).AsTask());
        }
    }

    [Fact]
    public async Task Use_SocketClosedBelow_TouchesNoOtherOfTheSameNumber()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        pair.CloseBelowClient();

        // The system gives the lowest free number again.
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Client.WriteAsync(new byte[10]).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Client.ReadAsync(new byte[10]).AsTask());
    }

    [Fact]
    public async Task Handshake_ServerSpeaksSomethingElse_IsNoTls()
    {
        await Assert.ThrowsAsync<AuthenticationException>(() => TlsPair.ConnectToAsync(
            async network => await network.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray())).WaitAsync(Soon));
    }

    [Fact]
    public async Task Handshake_ServerGoesAway_IsTheNetworks()
    {
        await Assert.ThrowsAsync<IOException>(() => TlsPair.ConnectToAsync(network =>
        {
            network.Shutdown(SocketShutdown.Both);
            return Task.CompletedTask;
        }).WaitAsync(Soon));
    }

    [Theory]
    [InlineData("live.example.com", "live.example.com", true)]
    [InlineData("LIVE.example.com", "live.example.com", true)]
    [InlineData("live.example.com", "live.example.com.", true)]
    [InlineData("*.example.com", "live.example.com", true)]
    [InlineData("*.example.com", "a.live.example.com", false)]
    [InlineData("l*.example.com", "live.example.com", false)]
    [InlineData("live.example.com", "example.com", false)]
    [InlineData("live.example.com", "live.example.com.evil.org", false)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.2", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("live.example.com", "127.0.0.1", false)]
    public async Task Handshake_Name_HasToBeTheCertificates(string shown, string wanted, bool isRight)
    {
        using X509Certificate2 certificate = TestCertificate.OfAuthority(shown);
        await AssertAsync(TlsPair.ConnectAsync(certificate, wanted, [TestCertificate.Authority]), isRight, "mismatch");
    }

    /// <summary>OpenSSL would take each for another name, or for any.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".example.com")]
    [InlineData("live.example.com..")]
    [InlineData("live.example.com\0.evil.org")]
    [InlineData("\0live.example.com")]
    public async Task Handshake_NoNameAtAll_IsRefused(string wanted)
    {
        using X509Certificate2 certificate = TestCertificate.OfAuthority("live.example.com");
        var refusal = await Assert.ThrowsAsync<AuthenticationException>(
            () => TlsPair.ConnectAsync(certificate, wanted, [TestCertificate.Authority]).WaitAsync(Soon));
        Assert.Contains("no name", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.3.6.1.5.5.7.3.1", true)]
    [InlineData("1.3.6.1.5.5.7.3.2", false)]
    public async Task Handshake_CertificateForClientsOnly_IsRefused(string purpose, bool isRight)
    {
        using X509Certificate2 certificate = TestCertificate.OfAuthority("127.0.0.1", purpose: purpose);
        await AssertAsync(TlsPair.ConnectAsync(certificate, trusted: [TestCertificate.Authority]), isRight, "purpose");
    }

    [Fact]
    public async Task Handshake_CertificateHasRunOut_IsRefusedWithTheReason()
    {
        using X509Certificate2 certificate = TestCertificate.OfAuthority("127.0.0.1", age: TimeSpan.FromHours(3));
        var refusal = await Assert.ThrowsAsync<AuthenticationException>(
            () => TlsPair.ConnectAsync(certificate, trusted: [TestCertificate.Authority]).WaitAsync(Soon));
        Assert.Contains("expired", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshake_NobodyVouches_IsRefusedWithTheReason()
    {
        var refusal = await Assert.ThrowsAsync<AuthenticationException>(() => TlsPair.ConnectAsync(trusted: []).WaitAsync(Soon));
        Assert.StartsWith("the server's certificate is not trusted: self-signed certificate", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task AssertAsync(Task<TlsPair> connecting, bool isRight, string otherwise)
    {
        if (isRight)
        {
            await (await connecting.WaitAsync(Soon)).DisposeAsync();
            return;
        }

        var refusal = await Assert.ThrowsAsync<AuthenticationException>(() => connecting.WaitAsync(Soon));
        Assert.Contains(otherwise, refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] Noise(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task WriteInPiecesAsync(Stream stream, byte[] bytes, int seed)
    {
        var random = new Random(seed);
        for (int at = 0, length; at < bytes.Length; at += length)
        {
            length = Math.Min(bytes.Length - at, random.Next(1, 40_000));
            await stream.WriteAsync(bytes.AsMemory(at, length));
        }
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream, int length, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        for (int at = 0, read; at < length; at += read)
        {
            if (random.Next(3) == 0) Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
            read = await stream.ReadAsync(bytes.AsMemory(at, Math.Min(length - at, random.Next(1, 30_000))));
            if (read == 0) throw new EndOfStreamException($"at {at} of {length}");
        }

        return bytes;
    }
}
