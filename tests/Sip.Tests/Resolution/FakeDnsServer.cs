using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip.Tests.Resolution;

/// <summary>A name server on loopback, UDP and TCP on one port, with the records and the manners that a test gives it.</summary>
internal sealed class FakeDnsServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<(string Name, int Type), List<(uint Ttl, byte[] Data)>> _records = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly Task _running;

    private FakeDnsServer(Socket udp, Socket tcp)
    {
        _udp = udp;
        _tcp = tcp;
        _running = Task.WhenAll(Task.Run(ServeUdpAsync), Task.Run(ServeTcpAsync));
    }

    public IPEndPoint EndPoint => (IPEndPoint)_udp.LocalEndPoint!;

    /// <summary>Seconds; null: negative answers come without SOA.</summary>
    public uint? NegativeTtl { get; set; } = 60;

    /// <summary>Questions over UDP that get no answer before it begins to answer.</summary>
    public int Lost { get; set; }

    public bool IsTruncating { get; set; }

    public bool IsEdnsUnknown { get; set; }

    /// <summary>RCODE of every answer; null: as the records say.</summary>
    public int? Code { get; set; }

    /// <summary>Told who asks.</summary>
    public Action<IPEndPoint>? From { get; set; }

    /// <summary>Makes the datagrams that answer a question, given the right one.</summary>
    public Func<byte[], IEnumerable<byte[]>>? Manners { get; set; }

    /// <summary>What was asked since the last look, sorted: "SRV _sip._udp.example.com", with "/tcp" behind what came so.</summary>
    public string[] TakeAsked()
    {
        List<string> asked = [];
        while (_asked.TryDequeue(out var question))
            asked.Add(question);
        return [.. asked.Order(StringComparer.Ordinal)];
    }

    /// <summary>Waits until one more question has come.</summary>
    public async Task ArrivedAsync() => Assert.True(await _arrived.WaitAsync(Patience), "no question came");

    public static FakeDnsServer Start()
    {
        while (true)
        {
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                tcp.Bind(udp.LocalEndPoint!);
                tcp.Listen();
                return new FakeDnsServer(udp, tcp);
            }
            catch (SocketException)
            {
                udp.Dispose(); // somebody has that port for TCP
                tcp.Dispose();
            }
        }
    }

    public FakeDnsServer A(string name, string address, uint ttl = 300) =>
        Add(name, address.Contains(':') ? DnsWire.Aaaa : DnsWire.A, ttl, DnsWire.Address(address));

    public FakeDnsServer Srv(string name, int priority, int weight, int port, string target, uint ttl = 300) =>
        Add(name, DnsWire.Srv, ttl, DnsWire.SrvData(priority, weight, port, target));

    public FakeDnsServer Naptr(string name, int order, int preference, string service, string replacement, string flags = "s", string regexp = "") =>
        Add(name, DnsWire.Naptr, 300, DnsWire.NaptrData(order, preference, flags, service, regexp, replacement));

    public FakeDnsServer Cname(string name, string target, uint ttl = 300) => Add(name, DnsWire.Cname, ttl, DnsWire.Name(target));

    public FakeDnsServer Clear()
    {
        _records.Clear();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _running;
        _stop.Dispose();
    }

    private FakeDnsServer Add(string name, int type, uint ttl, byte[] data)
    {
        _records.GetOrAdd((name, type), _ => []).Add((ttl, data));
        return this;
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            try
            {
                var from = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Loopback, 0), _stop.Token);
                var query = buffer[..from.ReceivedBytes];
                From?.Invoke((IPEndPoint)from.RemoteEndPoint);
                Note(query, "");
                if (Lost > 0)
                {
                    Lost--;
                    continue;
                }

                var right = Answer(query, IsTruncating);
                foreach (var answer in Manners?.Invoke(right) ?? [right])
                    await _udp.SendToAsync(answer, from.RemoteEndPoint);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                if (_stop.IsCancellationRequested)
                    return;
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (true)
        {
            try
            {
                using var connection = await _tcp.AcceptAsync(_stop.Token);
                using var stream = new NetworkStream(connection);
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, _stop.Token);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(query, _stop.Token);
                Note(query, "/tcp");
                var answer = Answer(query, isTruncated: false);
                // In two pieces, as a stream may be.
                await stream.WriteAsync(DnsWire.Number(answer.Length).AsMemory(0, 1), _stop.Token);
                await stream.WriteAsync((byte[])[(byte)answer.Length, .. answer], _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException or IOException)
            {
                if (_stop.IsCancellationRequested)
                    return;
            }
        }
    }

    private void Note(byte[] query, string suffix)
    {
        var (name, type, _) = DnsWire.ReadQuestion(query);
        _asked.Enqueue($"{DnsWire.TypeName(type)} {name}{suffix}");
        _arrived.Release();
    }

    private byte[] Answer(byte[] query, bool isTruncated)
    {
        int id = BinaryPrimitives.ReadUInt16BigEndian(query);
        var (asked, type, question) = DnsWire.ReadQuestion(query);
        bool hasEdns = query[11] == 1;
        if (IsEdnsUnknown && hasEdns)
            return DnsWire.Message(id, 0x8181, [], []); // FORMERR, without the question, as old servers do
        if (isTruncated)
            return DnsWire.Message(id, 0x8380, question, []);
        List<byte[]> answers = [];
        var name = asked;
        byte[] owner = [0xC0, 0x0C];
        for (int i = 0; i < 4 && _records.TryGetValue((name, DnsWire.Cname), out var alias); i++)
        {
            answers.Add(DnsWire.Record(owner, DnsWire.Cname, alias[0].Ttl, alias[0].Data));
            name = DnsWire.ReadQuestion([.. new byte[12], .. alias[0].Data, 0, 0, 0, 0]).Name;
            owner = DnsWire.Name(name);
        }

        if (_records.TryGetValue((name, type), out var found))
            answers.AddRange(found.Select(record => DnsWire.Record(owner, type, record.Ttl, record.Data)));
        bool hasAny = found is not null || _records.Keys.Any(key => key.Name == name);
        List<byte[]> authority = found is null && NegativeTtl is { } ttl ? [DnsWire.Record(DnsWire.Name("example.com"), DnsWire.Soa, 3600, DnsWire.SoaData(ttl))] : [];
        List<byte[]> additional = hasEdns ? [[0, .. DnsWire.Number(DnsWire.Opt), .. DnsWire.Number(1232), 0, 0, 0, 0, 0, 0]] : [];
        return DnsWire.Message(id, 0x8180 | (Code ?? (hasAny || answers.Count > 0 ? 0 : 3)), question, Code is null ? answers : [], Code is null ? authority : [], additional);
    }
}
