using System.Net;
using System.Net.Sockets;
using VoiceGateway.Records;
using VoiceGateway.Routing;
using VoiceGateway.Signalling;
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
    public IReadOnlyList<string> AdditionalMethods { get; } = [SipMethods.Info, SipMethods.Message];

    public bool TakesReferrals => services.Calls.AcceptRefer != AcceptRefer.Off;

    /// <summary>In the dialog's mailbox: decide and start, nothing more.</summary>
    public void OnInvite(SipCall sip)
    {
        var origin = CallOrigin.Read(sip.Invite, sip.Peer as Trunk);
        if (routes.Match(Query(origin)) is not { } agent)
        {
            Refuse(sip, CallEndReason.NoRoute);
            return;
        }
        if (sip.Peer is Trunk trunk && !trunk.TryTakeUntil(sip.Completion) || !admission.TryAdmit())
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
        Run(
            place,
            () => new Call(services, agent, CallDirection.Inbound, origin.Caller, origin.Called, origin) { SessionPlace = place },
            call => call.RunInboundAsync(sip));
    }

    /// <summary>In the dialog's mailbox: the other side asks us to talk to somebody else.</summary>
    public void OnRefer(SipCall sip, SipIncomingReferral referral)
    {
        if (registry.Of(sip) is not { } call || !ReferralRules.MayAsk(services.Calls, sip)) Decline(referral, 603);
        else if (ReferralRules.Allowed(services.Calls, call.Agent, sip, referral) is not { } target) Decline(referral, 403);
        else Follow(call, sip, referral, target);
    }

    /// <summary>In the new call's mailbox: it takes the place of one of ours.</summary>
    public void OnReplace(SipCall sip, SipCall replaced)
    {
        if (!ReferralRules.MayReplace(services.Calls, sip, replaced))
        {
            sip.Reject(403);
            return;
        }
        if (sip.Peer is Trunk trunk)
        {
            if (replaced.Peer == sip.Peer) trunk.TakeOverUntil(sip.Completion);
            else if (!trunk.TryTakeUntil(sip.Completion))
            {
                Refuse(sip, CallEndReason.Overloaded);
                return;
            }
        }
        if (registry.Of(replaced) is not { } call || !call.TryContinueBy(sip)) sip.Reject(603);
    }

    /// <summary>In the dialog's mailbox: keys and words that do not come by RTP.</summary>
    public SipReply OnRequest(SipCall sip, SipRequest request) => (request.Method, registry.Of(sip)) switch
    {
        // The dialog that a call has just left, or that nobody answers for yet.
        (_, null) => new SipReply(480),
        (SipMethods.Info, { } call) => SipInfo.Serve(request, call.OnInfoDigit),
        (SipMethods.Message, { } call) => TextMessage.Serve(request, call.Say),
        _ => new SipReply(405),
    };

    /// <summary>Places a call. It is in the registry when this returns; what becomes of it is seen there and in its record.</summary>
    /// <param name="endpoint">Who sends the INVITE.</param>
    /// <param name="to">Whom to call.</param>
    /// <param name="agent">Who speaks with them.</param>
    /// <param name="from">Our number, as the callee sees it; null: none.</param>
    /// <returns>Null when the gateway is full, or no Live session is to be had.</returns>
    public Call? Dial(SipEndpoint endpoint, SipUri to, AgentProfile agent, string? from) => Dial(endpoint, new DialPlan(to) { From = from }, agent);

    /// <inheritdoc cref="Dial(SipEndpoint, SipUri, AgentProfile, string?)"/>
    public Call? Dial(SipEndpoint endpoint, DialPlan plan, AgentProfile agent)
    {
        if (plan.Trunk?.TryTake() == false) return null;
        if (!admission.TryAdmit())
        {
            plan.Trunk?.Release();
            return null;
        }
        if (quota.TryTake(services.Live.RouteNamesFor(agent), out _) is { } place)
        {
            try
            {
                return Run(
                    place,
                    () => new Call(services, agent, CallDirection.Outbound, plan.From ?? "", plan.To.User ?? plan.To.ToString()) { SessionPlace = place },
                    call => DialAsync(call, endpoint, plan));
            }
            catch
            {
                plan.Trunk?.Release();
                throw;
            }
        }
        admission.Release();
        plan.Trunk?.Release();
        return null;
    }

    /// <summary>The call that is placed for a referral is one of the trunk's, from before its INVITE until it has ended.</summary>
    private void Follow(Call call, SipCall sip, SipIncomingReferral referral, AllowedReferral target)
    {
        var trunk = sip.Peer as Trunk;
        if (trunk?.TryTake() == false)
        {
            Decline(referral, 503);
            return;
        }
        if (call.TryFollow(referral, PlaceAsync)) return;
        trunk?.Release();
        Decline(referral, 603);

        async Task<SipCallResult> PlaceAsync(ISessionNegotiator negotiator, CancellationToken cancelled)
        {
            SipCall? placed = null;
            try
            {
                var wanted = services.OnBehalfOf(sip, OnBehalfOf(sip, target.Uri, negotiator), target.IsListed);
                var result = await referral.CallAsync(wanted, cancelled).ConfigureAwait(false);
                placed = result.Call;
                return result;
            }
            finally
            {
                if (placed is null) trunk?.Release();
                else trunk?.ReleaseAfter(placed.Completion);
            }
        }
    }

    private Call Run(SessionPlace place, Func<Call> make, Func<Call, Task> run)
    {
        try
        {
            var call = make();
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

    private static async Task DialAsync(Call call, SipEndpoint endpoint, DialPlan plan)
    {
        try
        {
            // What the routing table sends from towards the callee; a name is looked up for it.
            var path = await endpoint.FindPathAsync(plan.NextHop ?? plan.To).ConfigureAwait(false);
            await call.RunOutboundAsync(
                (negotiator, cancelled) => endpoint.CallAsync(
                    plan.Through(new SipOutgoingCall { To = plan.To, From = Caller(plan, path?.AdvertisedAddress), Negotiator = negotiator }), cancelled),
                path,
                plan.Trunk).ConfigureAwait(false);
        }
        finally
        {
            plan.Trunk?.Release();
        }
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

    private static RouteQuery Query(CallOrigin origin) => new(origin.Called)
    {
        Trunk = origin.Trunk,
        Caller = origin.Caller,
        DivertedFrom = origin.DivertedFrom ?? "",
        Headers = origin.Headers,
    };

    private static SipOutgoingCall OnBehalfOf(SipCall sip, SipUri target, ISessionNegotiator negotiator) => new() { To = target, From = Ours(sip), Negotiator = negotiator };

    // As whom we are in the call within which we were asked. Who called us has chosen that: the trunk's own number comes first.
    private static SipNameAddress Ours(SipCall sip) =>
        sip is { IsIncoming: true, Peer: Trunk { Server: not null } trunk } && TrunkLinks.CallerOf(trunk) is { } caller
            ? caller
            : new SipNameAddress(sip.LocalUri.WithoutParameters(), (sip.IsIncoming ? sip.To : sip.From).DisplayName);

    private void Decline(SipIncomingReferral referral, int status)
    {
        LogReferralRefused(status);
        referral.Refuse(status);
    }

    private CallEndMeaning Count(CallEndReason reason)
    {
        var meaning = reason.Meaning();
        services.Metrics.CallRefused(meaning.Tag, SnakeCase.Of(meaning.Blame));
        return meaning;
    }

    // A number is one of the trunk's domain; without a trunk, of ours.
    private static SipNameAddress? Caller(DialPlan plan, IPAddress? local)
    {
        if (plan is { From: { } wanted, Trunk: { Server: not null } trunk }) return TrunkLinks.CallerOf(trunk, wanted);
        if (plan.From is not { } from || local is null) return null;
        var host = local.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{local}]" : local.ToString();
        return SipNameAddress.TryParse($"<sip:{from}@{host}>", out var address) ? address : null;
    }

    [LoggerMessage(111, LogLevel.Warning, "INVITE refused: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(112, LogLevel.Error, "Call {CallId} could not be recorded")]
    private partial void LogNotRecorded(Exception exception, string callId);

    [LoggerMessage(113, LogLevel.Warning, "INVITE sent on to the overflow: {Reason}")]
    private partial void LogRedirected(string reason);

    [LoggerMessage(114, LogLevel.Warning, "REFER refused: {Status}")]
    private partial void LogReferralRefused(int status);
}
