using System.Net;
using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>
/// The way by which a registrar's calls come, through a NAT that forgets what is not used: when the registration has ended and its calls
/// have not, OPTIONS goes there now and then (RFC 5626 section 3.5). What is answered does not matter.
/// </summary>
internal static class WayBack
{
    /// <summary>NATs keep a UDP binding for half a minute at least, most of them.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(25);

    /// <summary>An address in a URI, which has no zone (RFC 3261 section 25.1).</summary>
    public static string HostOf(IPAddress address) => new IPAddress(address.GetAddressBytes()).ToString();

    /// <param name="sip">Whose socket it is.</param>
    /// <param name="peer">Who answered the REGISTER, by UDP.</param>
    /// <param name="time">Source of time.</param>
    /// <param name="stop">Nobody needs it any more.</param>
    public static async Task HoldOpenAsync(SipEndpoint sip, IPEndPoint peer, TimeProvider time, CancellationToken stop)
    {
        var there = new SipUri(null, HostOf(peer.Address), peer.Port).WithParameter("transport", "udp");
        using var period = new PeriodicTimer(Interval, time);
        try
        {
            while (await period.WaitForNextTickAsync(stop).ConfigureAwait(false)) await sip.OptionsAsync(there, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }
}
