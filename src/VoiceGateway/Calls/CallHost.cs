using System.Net;
using System.Net.Sockets;
using VoiceGateway.Records;
using VoiceGateway.Routing;
using VoiceGateway.Sip;

namespace VoiceGateway.Calls;

/// <summary>
/// Where calls come from: INVITEs that the endpoint hands in, and calls that the HTTP API orders. Who is not taken learns it here,
/// before anything is allocated for them.
/// <code>
///   INVITE ─▶ route? ─▶ room here? ─▶ a Live session to be had? ─▶ Call
///              404       └────────────┴──▶ 302 to the overflow, or 503 with Retry-After
/// </code>
/// </summary>
public sealed partial class CallHost(
    CallServices services, RouteTable routes, Admission admission, SessionQuota quota, CallRegistry registry, CallRecordStore records, ILogger<CallHost> log)
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
            TurnAway(sip, agent, CallEndReason.Overloaded, null);
            return;
        }
        if (quota.TryTake(services.Live.RouteNamesFor(agent), out var refusal) is not { } place)
        {
            admission.Release();
            services.Metrics.QuotaRefused(refusal.IsLearned ? "learned" : "configured");
            TurnAway(sip, agent, CallEndReason.NoSessionQuota, refusal.RetryAfter);
            return;
        }
        Run(agent, place, CallDirection.Inbound, sip.From.Uri.User ?? "", called, call => call.RunInboundAsync(sip));
    }

    /// <summary>Places a call. It is in the registry when this returns; what becomes of it is seen there and in its record.</summary>
    /// <returns>Null when the gateway is full, or no Live session is to be had.</returns>
    public Call? Dial(SipEndpoint endpoint, SipUri to, AgentProfile agent, string? from)
    {
        if (!admission.TryAdmit()) return null;
        if (quota.TryTake(services.Live.RouteNamesFor(agent), out _) is { } place)
            return Run(agent, place, CallDirection.Outbound, from ?? "", to.User ?? to.ToString(), call => DialAsync(call, endpoint, to, from));
        admission.Release();
        return null;
    }

    private Call Run(AgentProfile agent, SessionPlace place, CallDirection direction, string caller, string called, Func<Call, Task> run)
    {
        try
        {
            var call = new Call(services, agent, direction, caller, called) { SessionPlace = place };
            registry.Run(call, () => RunAsync(call, place, () => run(call)));
            return call;
        }
        catch
        {
            place.Dispose();
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

    private async Task RunAsync(Call call, SessionPlace place, Func<Task> run)
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
            place.Dispose();
            admission.Release();
        }
    }

    /// <summary>One too many: to wherever such calls go, or back to the trunk with the time after which it may try again.</summary>
    private void TurnAway(SipCall sip, AgentProfile agent, CallEndReason reason, TimeSpan? retryAfter)
    {
        if (services.Calls.OverflowOf(agent.Human) is not { } overflow)
        {
            Refuse(sip, reason, retryAfter);
            return;
        }
        LogRedirected(Count(reason).Tag);
        CallTransfer.Redirect(sip, overflow.For(sip, services.Calls.TransferDomain));
    }

    private void Refuse(SipCall sip, CallEndReason reason, TimeSpan? retryAfter = null)
    {
        var meaning = Count(reason);
        LogRefused(meaning.Tag);
        meaning.Reject(sip, retryAfter);
    }

    private CallEndMeaning Count(CallEndReason reason)
    {
        var meaning = reason.Meaning();
        services.Metrics.CallRefused(meaning.Tag, meaning.Blame.ToString().ToLowerInvariant());
        return meaning;
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

    [LoggerMessage(113, LogLevel.Warning, "INVITE sent on to the overflow: {Reason}")]
    private partial void LogRedirected(string reason);
}
