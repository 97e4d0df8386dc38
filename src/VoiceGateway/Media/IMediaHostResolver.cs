using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Media;

/// <summary>Addresses of a host that SDP names instead of an address (RFC 8866 section 5.7).</summary>
public interface IMediaHostResolver
{
    /// <param name="host">A host name.</param>
    /// <param name="family">A records, or AAAA.</param>
    /// <param name="cancellationToken">The call is over, or it took too long.</param>
    /// <returns>In order of preference; empty when there are none.</returns>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, AddressFamily family, CancellationToken cancellationToken);
}
