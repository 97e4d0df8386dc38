using System.Net;
using System.Net.Sockets;
using VoiceGateway.Sip;

namespace VoiceGateway.Media;

/// <summary>
/// A host name in the c= line, looked up away from the dialog's mailbox. Until it is known, and when it cannot be, the peer's first
/// packet tells where to send (symmetric RTP, RFC 4961).
/// </summary>
/// <param name="resolver">Looks names up.</param>
/// <param name="time">For its patience.</param>
/// <param name="lost">The peer is at another place than before, and not by address.</param>
/// <param name="found">RTP and RTCP; false: not reachable, the next address is to be tried.</param>
internal sealed class RemoteHost(IMediaHostResolver resolver, TimeProvider time, Action lost, Func<IPEndPoint, IPEndPoint?, bool> found) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _over = new();
    private Place? _wanted;

    /// <summary>Takes what was agreed; in the mailbox.</summary>
    public void Seek(NegotiatedAudio audio)
    {
        if (audio is { RemoteRtp: not null } or { IsBlackHole: true })
        {
            Volatile.Write(ref _wanted, null);
            return;
        }
        var place = new Place(audio.RemoteHost, audio.RemoteFamily ?? AddressFamily.InterNetwork, audio.RemotePort, audio.RemoteRtcpPort);
        if (place == Volatile.Read(ref _wanted)) return;
        Volatile.Write(ref _wanted, place);
        lost();
        if (place.Host is { } host && IsName(host)) _ = ResolveAsync(place, host);
    }

    public void Dispose() => _over.Cancel();

    /// <summary>A top-level label is never all digits (RFC 1123 §2.1): that is a mistyped address, and asking name servers for it helps nobody.</summary>
    private static bool IsName(string host)
    {
        var name = host.AsSpan().TrimEnd('.');
        var topLevel = name[(name.LastIndexOf('.') + 1)..];
        return Uri.CheckHostName(host) == UriHostNameType.Dns && topLevel.ContainsAnyExceptInRange('0', '9');
    }

    private async Task ResolveAsync(Place place, string host)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(_over.Token, patience.Token);
        try
        {
            var token = both.Token;
            var addresses = await Task.Run(() => resolver.ResolveAsync(host, place.Family, token), token).ConfigureAwait(false);
            foreach (var address in addresses)
            {
                if (_over.IsCancellationRequested || !ReferenceEquals(place, Volatile.Read(ref _wanted))) return;
                if (found(new IPEndPoint(address, place.Port), place.RtcpPort is { } port ? new IPEndPoint(address, port) : null)) return;
            }
        }
        catch (OperationCanceledException)
        {
            // The call has ended, or the name servers are slow: the peer's packets tell.
        }
        // Asked for again in the next offer or answer, it is looked up again.
        Interlocked.CompareExchange(ref _wanted, null, place);
    }

    private sealed record Place(string? Host, AddressFamily Family, int Port, int? RtcpPort);
}
