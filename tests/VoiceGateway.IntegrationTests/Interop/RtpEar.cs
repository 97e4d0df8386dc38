using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>
/// The RTP port that a sipp scenario names when the test itself is to listen: it notes when packets arrive, and can send
/// telephone events. Written without the gateway's RTP, so that one mistake cannot hide in both.
/// </summary>
internal sealed class RtpEar : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<long> _arrivals = [];
    private readonly List<RtpSighting> _sightings = [];
    private readonly Task _listening;
    private IPEndPoint? _gateway;
    private ushort _sequence = 1000;
    private uint _timestamp = 50_000;

    public RtpEar(IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(address, 0));
        _listening = ListenAsync();
    }

    /// <summary>The payload type of the keys that it presses.</summary>
    public int TelephoneEvent { get; init; } = 101;

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public int Packets
    {
        get { lock (_arrivals) return _arrivals.Count; }
    }

    /// <summary>What came, in order: RTP, and RTCP where it shares the port.</summary>
    public RtpSighting[] Sightings
    {
        get { lock (_arrivals) return [.. _sightings]; }
    }

    /// <summary>Times without a packet that were longer than this, in order.</summary>
    public TimeSpan[] Pauses(TimeSpan longerThan)
    {
        lock (_arrivals)
            return [.. _arrivals.Zip(_arrivals.Skip(1), Stopwatch.GetElapsedTime).Where(pause => pause > longerThan)];
    }

    /// <summary>
    /// A key held for 80 ms: an event packet every 20 ms, the last one three times (RFC 4733 section 2.5.1.4).
    /// </summary>
    /// <param name="key">0 to 9, * and #.</param>
    /// <param name="lost">These packets, counted from 0, do not leave.</param>
    public async Task PressAsync(char key, params int[] lost)
    {
        var code = (byte)"0123456789*#".IndexOf(key, StringComparison.Ordinal);
        for (var i = 0; i < 6; i++)
        {
            var isEnd = i >= 3;
            var durationSamples = (ushort)(160 * Math.Min(i + 1, 4));
            if (!lost.Contains(i)) Send(isFirst: i == 0, [code, (byte)((isEnd ? 0x80 : 0) | 10), (byte)(durationSamples >> 8), (byte)durationSamples]);
            _sequence++;
            await Task.Delay(20);
        }
        _timestamp += 160 * 6;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _socket.Dispose();
        _stop.Dispose();
    }

    // RFC 3550 section 5.1: version 2, no padding, no extension, no contributing sources.
    private void Send(bool isFirst, ReadOnlySpan<byte> body)
    {
        Span<byte> packet = stackalloc byte[12 + body.Length];
        packet[0] = 0x80;
        packet[1] = (byte)((isFirst ? 0x80 : 0) | TelephoneEvent);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], _sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], _timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], 0xC0FFEE);
        body.CopyTo(packet[12..]);
        _socket.SendTo(packet, _gateway ?? throw new InvalidOperationException("no packet has come yet that tells where the gateway is"));
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var packet = await _socket.ReceiveFromAsync(buffer, _socket.LocalEndPoint!, _stop.Token);
                _gateway = (IPEndPoint)packet.RemoteEndPoint;
                lock (_arrivals)
                {
                    _arrivals.Add(Stopwatch.GetTimestamp());
                    if (packet.ReceivedBytes >= 12) _sightings.Add(RtpSighting.Of(buffer.AsSpan(0, packet.ReceivedBytes)));
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
