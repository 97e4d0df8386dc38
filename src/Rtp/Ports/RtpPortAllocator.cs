using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>
/// Hands out even/odd port pairs of a range. It starts at a random pair and goes round, and a pair rests after use, so that packets
/// meant for the last call do not reach the next one. Safe from any thread.
/// </summary>
public sealed class RtpPortAllocator
{
    private const long Free = long.MinValue;
    private const long Taken = long.MaxValue;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _quarantine;
    private readonly int _firstEven;

    // Per pair: Free, Taken, or the timestamp when it was given back.
    private readonly long[] _pairs;
    private int _cursor;
    private int _inUse;

    /// <param name="firstPort">First port of the range; an odd one is left out.</param>
    /// <param name="lastPort">Last port of the range; a pair needs both of its ports inside.</param>
    /// <param name="time">Measures the quarantine.</param>
    /// <param name="quarantine">How long a pair rests after use.</param>
    /// <exception cref="ArgumentException">The range holds no pair or leaves 1 to 65535.</exception>
    public RtpPortAllocator(int firstPort, int lastPort, TimeProvider time, TimeSpan quarantine)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(quarantine, TimeSpan.Zero);
        if (firstPort < 1 || lastPort > 65535)
            throw new ArgumentException($"Ports {firstPort}-{lastPort} lie outside 1-65535.", nameof(firstPort));
        _firstEven = firstPort + (firstPort & 1);
        var pairs = (lastPort + 1 - _firstEven) / 2;
        if (pairs < 1)
            throw new ArgumentException($"Ports {firstPort}-{lastPort} hold no even port with its odd neighbour.", nameof(lastPort));

        _time = time;
        _quarantine = quarantine;
        _pairs = new long[pairs];
        Array.Fill(_pairs, Free);
        _cursor = Random.Shared.Next(pairs);
    }

    /// <summary>Pairs in the range.</summary>
    public int Capacity => _pairs.Length;

    /// <summary>Pairs handed out and not yet given back. Those in quarantine do not count.</summary>
    public int InUse
    {
        get
        {
            lock (_gate)
                return _inUse;
        }
    }

    /// <summary>Opens the next free pair. False when none is left, all are resting or bound by others, or sockets cannot be had.</summary>
    public bool TryOpen(IPAddress bind, [NotNullWhen(true)] out RtpPorts? ports) => TryOpen(bind, out ports, out _);

    /// <summary>As above; <paramref name="error"/> tells exhaustion (<see cref="SocketError.AddressAlreadyInUse"/>) from a wrong bind address or a lack of descriptors.</summary>
    public bool TryOpen(IPAddress bind, [NotNullWhen(true)] out RtpPorts? ports, out SocketError error)
    {
        ArgumentNullException.ThrowIfNull(bind);
        ports = null;
        error = SocketError.AddressAlreadyInUse;
        for (var attempts = _pairs.Length; attempts > 0 && TryReserve(ref attempts, out var port); attempts--)
        {
            try
            {
                if (TryBind(bind, port, out ports, out error))
                    return true;
            }
            finally
            {
                if (ports is null)
                    Release(port, quarantine: false);
            }

            // Another port helps only when this one was the problem: used by someone else, or reserved by the system.
            if (error is not (SocketError.AddressAlreadyInUse or SocketError.AccessDenied))
                return false;
        }
        return false;
    }

    private bool TryReserve(ref int attempts, out int port)
    {
        lock (_gate)
        {
            for (; attempts > 0; attempts--)
            {
                var pair = _cursor;
                _cursor = (_cursor + 1) % _pairs.Length;
                if (_pairs[pair] == Taken || (_pairs[pair] != Free && _time.GetElapsedTime(_pairs[pair]) < _quarantine))
                    continue;
                _pairs[pair] = Taken;
                _inUse++;
                port = _firstEven + (pair * 2);
                return true;
            }
        }
        port = 0;
        return false;
    }

    private bool TryBind(IPAddress bind, int port, [NotNullWhen(true)] out RtpPorts? ports, out SocketError error)
    {
        Socket? rtp = null;
        Socket? rtcp = null;
        ports = null;
        try
        {
            rtp = MediaSocket.Bind(bind, port);
            rtcp = MediaSocket.Bind(bind, port + 1);
            ports = new RtpPorts(rtp, rtcp, port, released => Release(released, quarantine: true));
            error = SocketError.Success;
            return true;
        }
        catch (SocketException e)
        {
            error = e.SocketErrorCode;
            return false;
        }
        finally
        {
            if (ports is null)
            {
                rtp?.Dispose();
                rtcp?.Dispose();
            }
        }
    }

    private void Release(int port, bool quarantine)
    {
        lock (_gate)
        {
            _pairs[(port - _firstEven) / 2] = quarantine ? _time.GetTimestamp() : Free;
            _inUse--;
        }
    }
}
