using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>Socket.Poll on each socket: one system call a socket and tick, everywhere.</summary>
internal sealed class PollReadiness : IReadiness
{
    private volatile (Socket Socket, long Token)[] _watched = [];
    private int _first;

    public void Add(Socket socket, long token) => _watched = [.. _watched, (socket, token)];

    public void Remove(Socket socket, long token) => _watched = Array.FindAll(_watched, watched => watched.Token != token);

    public int Collect(Span<long> tokens)
    {
        var watched = _watched;
        var count = 0;

        // Starts elsewhere each time, so that a full span does not always leave out the same ones.
        for (var i = 0; i < watched.Length && count < tokens.Length; i++)
        {
            var (socket, token) = watched[(_first + i) % watched.Length];
            if (IsReadable(socket))
                tokens[count++] = token;
        }
        _first = watched.Length == 0 ? 0 : (_first + 1) % watched.Length;
        return count;
    }

    public void Dispose() => _watched = [];

    private static bool IsReadable(Socket socket)
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // Closed before its lease ended, or in an error state that reading will report.
            return e is SocketException;
        }
    }
}
