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
        Run(agent, CallDirection.Inbound, sip.From.Uri.User ?? "", called, call => call.RunInboundAsync(sip));
    }

    /// <summary>Places a call. It is in the registry when this returns; what becomes of it is seen there and in its record.</summary>
    /// <returns>Null when the gateway is full.</returns>
    public Call? Dial(SipEndpoint endpoint, SipUri to, AgentProfile agent, string? from) =>
        admission.TryAdmit()
            ? Run(agent, CallDirection.Outbound, from ?? "", to.User ?? to.ToString(), call => DialAsync(call, endpoint, to, from))
            : null;

    private Call Run(AgentProfile agent, CallDirection direction, string caller, string called, Func<Call, Task> run)
    {
        try
        {
            var call = new Call(services, agent, direction, caller, called);
            registry.Run(call, () => RunAsync(call, () => run(call)));
            return call;
        }
        catch
        {
            admission.Release();
            throw;
        }
    }

    private static async Task DialAsync(Call call, SipEndpoint endpoint, SipUri to, string? from)
    {
        // What the routing table sends from towards the callee; a name is looked up for it.
        var local = await endpoint.FindLocalAddressAsync(to).ConfigureAwait(false);
        await call.RunOutboundAsync(
            (negotiator, cancelled) => endpoint.CallAsync(new SipOutgoingCall { To = to, From = Caller(from, local), Negotiator = negotiator }, cancelled),
            local).ConfigureAwait(false);
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
        services.Metrics.CallRefused(meaning.Tag, meaning.Blame.ToString().ToLowerInvariant());
        meaning.Reject(sip);
    }

    private static SipNameAddress? Caller(string? from, IPAddress? local)
    {
        if (from is null || local is null) return null;
        var host = local.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{local}]" : local.ToString();
        return SipNameAddress.TryParse($"<sip:{from}@{host}>", out var address) ? address : null;
    }

    [LoggerMessage(111, LogLevel.Warning, "INVITE refused: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(112, LogLevel.Error, "Call {CallId} could not be recorded")]
    private partial void LogNotRecorded(Exception exception, string callId);
}
