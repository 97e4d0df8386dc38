using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace VoiceGateway.Sip;

/// <summary>
/// One question to one server: over UDP, over TCP when the answer does not fit. Each has a random id and a socket of its own,
/// connected, so that the port is random too and the kernel takes datagrams from nobody else (RFC 5452 section 9.2).
/// </summary>
internal sealed class DnsExchange(SipCounters counters)
{
    /// <summary>Servers may send more than they were told we take.</summary>
    private const int BufferLength = 4096;

    /// <summary>Wrong datagrams before we give up on the server: somebody is guessing.</summary>
    private const int MostIgnored = 64;

    /// <summary>Null: the server cannot be reached, or answers with what cannot be read.</summary>
    /// <exception cref="OperationCanceledException">It did not answer in time.</exception>
    public async Task<DnsMessage?> AskAsync(IPEndPoint server, DnsQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync(server, question, withEdns: true, cancellationToken).ConfigureAwait(false);
            return answer is { IsRefusalOfEdns: true }
                ? await AskAsync(server, question, withEdns: false, cancellationToken).ConfigureAwait(false)
                : answer;
        }
        catch (SocketException)
        {
            return null; // nobody listens there, or there is no way
        }
    }

    private async Task<DnsMessage?> AskAsync(IPEndPoint server, DnsQuestion question, bool withEdns, CancellationToken cancellationToken)
    {
        var query = new byte[DnsQuery.LongestLength];
        ushort id = NewId();
        if (!DnsQuery.TryWrite(query, id, question, withEdns, out int length))
            return null;
        counters.Increment(SipCounter.DnsQueriesSent);
        var answer = await AskOverUdpAsync(server, query.AsMemory(0, length), id, question, cancellationToken).ConfigureAwait(false);
        if (answer is not { IsTruncated: true })
            return answer;

        id = NewId();
        BinaryPrimitives.WriteUInt16BigEndian(query, id);
        counters.Increment(SipCounter.DnsQueriesSent);
        return await AskOverTcpAsync(server, query.AsMemory(0, length), id, question, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DnsMessage?> AskOverUdpAsync(IPEndPoint server, ReadOnlyMemory<byte> query, ushort id, DnsQuestion question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(query, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            for (int ignored = 0; ignored < MostIgnored; ignored++)
            {
                int received = await socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, cancellationToken).ConfigureAwait(false);
                if (DnsMessageReader.TryRead(buffer.AsSpan(0, received), out var message) && message!.IsAnswerTo(id, question))
                    return message;
                counters.Increment(SipCounter.DnsAnswersIgnored);
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>RFC 1035 section 4.2.2: each message behind two bytes with its length.</summary>
    private async Task<DnsMessage?> AskOverTcpAsync(IPEndPoint server, ReadOnlyMemory<byte> query, ushort id, DnsQuestion question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        var framed = new byte[2 + query.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed.AsMemory(2));
        await socket.SendAsync(framed, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        if (!await TryFillAsync(socket, framed.AsMemory(0, 2), cancellationToken).ConfigureAwait(false))
            return null;
        int length = BinaryPrimitives.ReadUInt16BigEndian(framed);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (await TryFillAsync(socket, buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false)
                && DnsMessageReader.TryRead(buffer.AsSpan(0, length), out var message)
                && message is { IsTruncated: false } && message.IsAnswerTo(id, question))
            {
                return message;
            }

            counters.Increment(SipCounter.DnsAnswersIgnored);
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<bool> TryFillAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            int received = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (received == 0)
                return false;
            buffer = buffer[received..];
        }

        return true;
    }

    private static ushort NewId() => (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
}
