using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Media;

/// <summary>As the system resolves names.</summary>
internal sealed class SystemMediaHostResolver : IMediaHostResolver
{
    public static SystemMediaHostResolver Instance { get; } = new();

    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, AddressFamily family, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, family, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // No such name, or none that can be one.
            return [];
        }
    }
}
