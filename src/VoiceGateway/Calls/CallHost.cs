using System.Net;
using System.Net.Sockets;
using VoiceGateway.Records;
using VoiceGateway.Routing;
using VoiceGateway.Sip;

namespace VoiceGateway.Calls;

/// <summary>Where calls come from: INVITEs that the endpoint hands in, and calls that the HTTP API orders.</summary>
public sealed partial class CallHost(CallServices services, RouteTable routes, Admission admission, CallRegistry registry, CallRecordStore records, ILogger<CallHost> log)
    : ISipCallHandler
{
    /// <summary>In the dialog's mailbox: decide and start, nothing more.</summary>
    public void OnInvite(SipCall sip)
    {
        var called = sip.Invite.RequestUri.User ?? "";
        if (routes.Match(called) is not { } agent)
        {
            Refuse(sip, CallEndReason.NoRoute);
            return;
        }
        if (!admission.TryAdmit())
        {
            Refuse(sip, CallEndReason.Overloaded);
            return;
        }
        var call = new Call(services, agent, CallDirection.Inbound, sip.From.Uri.User ?? "", called);
        registry.Run(call, () => RunAsync(call, () => call.RunInboundAsync(sip)));
    }

    /// <summary>Places a call. It is in the registry when this returns; what becomes of it is seen there and in its record.</summary>
    /// <returns>Null when the gateway is full.</returns>
    public Call? Dial(SipEndpoint endpoint, SipUri to, AgentProfile agent, string? from)
    {
        if (!admission.TryAdmit()) return null;
        var local = LocalAddressTowards(to);
        var call = new Call(services, agent, CallDirection.Outbound, from ?? "", to.User ?? to.ToString());
        registry.Run(call, () => RunAsync(call, () => call.RunOutboundAsync(
            (negotiator, cancelled) => endpoint.CallAsync(
                new SipOutgoingCall { To = to, From = Caller(from, local), Negotiator = negotiator }, cancelled),
            local)));
        return call;
    }

    private async Task RunAsync(Call call, Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
            await records.SaveAsync(CallRecords.From(call.Snapshot()), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogNotRecorded(e, call.Id);
        }
        finally
        {
            admission.Release();
        }
    }

    private void Refuse(SipCall sip, CallEndReason reason)
    {
        var meaning = reason.Meaning();
        LogRefused(meaning.Tag);
        meaning.Reject(sip);
    }

    private static SipNameAddress? Caller(string? from, IPAddress local) =>
        from is not null && SipNameAddress.TryParse($"<sip:{from}@{local}>", out var address) ? address : null;

    // The address that the routing table would send from: a connected UDP socket knows it, and sends nothing.
    private static IPAddress LocalAddressTowards(SipUri to)
    {
        if (!IPAddress.TryParse(to.Host.Trim('[', ']'), out var remote)) return IPAddress.Loopback;
        using var probe = new Socket(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        probe.Connect(remote, to.Port ?? 5060);
        return ((IPEndPoint)probe.LocalEndPoint!).Address;
    }

    [LoggerMessage(111, LogLevel.Warning, "INVITE refused: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(112, LogLevel.Error, "Call {CallId} could not be recorded")]
    private partial void LogNotRecorded(Exception exception, string callId);
}
