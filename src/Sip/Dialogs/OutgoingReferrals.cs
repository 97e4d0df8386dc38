using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>
/// The REFERs of a call's dialog. Those that are over stay known: a peer that goes on reporting must not be told 481, which
/// some take for the end of the call. Runs in the call's mailbox.
/// <code>
///   REFER ─▶   ◀─ 202   ◀─ NOTIFY "100"   ◀─ NOTIFY "180"   ◀─ NOTIFY "200", terminated   BYE ─▶
/// </code>
/// </summary>
internal sealed class OutgoingReferrals(SipCall call, SipStack stack)
{
    public const string Package = "refer";
    private readonly List<OutgoingReferral> _all = [];

    /// <summary>Those of the peer.</summary>
    public IncomingReferrals Incoming { get; } = new(call, stack);

    /// <summary>Whether a peer has said that it reached a target.</summary>
    public bool HasSucceeded { get; private set; }

    public void Send(OutgoingReferral referral)
    {
        if (call.State != SipCallState.Established)
        {
            referral.Complete(new SipReferralResult(SipReferralEnd.CallEnded));
            return;
        }

        _all.Add(referral);
        new OutgoingRequest(stack, call.Mailbox, (response, failure) =>
        {
            referral.Answered(response);
            call.EndWhereLost(response, failure);
        }).Send(
            call.Dialog!,
            SipMethods.Refer,
            refer =>
            {
                refer.Contact = call.CreateContact(call.Dialog!.Flow);
                refer.Headers.Set(SipHeaderNames.ReferTo, referral.Wanted.ReferTo);
                refer.Headers.Set(SipHeaderNames.ReferredBy, new SipNameAddress(call.LocalUri.WithoutParameters()).ToString());
                stack.Capabilities.PutSupported(refer);
                if (referral.Wanted.NoSubscription)
                    refer.Headers.Set(SipHeaderNames.ReferSub, ReferSub.No);
            },
            // Once more with credentials, it has another number, and that is the one reported on.
            refer => referral.Sequence = refer.CSeq.Number);
    }

    /// <summary>A NOTIFY within the dialog; null: it is about another event than ours.</summary>
    public SipResponse? Receive(SipRequest notify)
    {
        if (!IsAboutRefer(notify.Headers.Get(SipHeaderNames.Event), out var id))
            return null;
        // The first REFER of a dialog may be reported on without an id (section 2.4.6). A report may overtake the 202.
        var referral = id is null ? _all.Find(static r => !r.IsDone) ?? _all.LastOrDefault() : _all.Find(r => r.Sequence == id);
        if (referral is null)
            return stack.CreateResponse(notify, 481, "Subscription Does Not Exist", call.LocalTag);
        referral.Notified(notify);
        HasSucceeded |= SipFragment.TryReadStatus(notify, out var status, out _) && status is >= 200 and < 300;
        return stack.CreateResponse(notify, 200, toTag: call.LocalTag);
    }

    /// <summary>489 says which events would do (RFC 6665 section 8.3.2).</summary>
    public SipResponse CreateBadEvent(SipRequest notify)
    {
        var response = stack.CreateResponse(notify, 489, toTag: call.LocalTag);
        response.Headers.Set("Allow-Events", Package);
        return response;
    }

    public void CallEnded()
    {
        Incoming.CallEnded();
        foreach (var referral in _all)
            referral.Complete(new SipReferralResult(SipReferralEnd.CallEnded));
    }

    private static bool IsAboutRefer(string? value, out uint? id)
    {
        id = null;
        if (!SipGrammar.WithoutParameters(value, out var rest).Equals(Package, StringComparison.OrdinalIgnoreCase))
            return false;
        if (!rest.IsEmpty && SipParameters.TryParse(rest, out var parameters)
            && uint.TryParse(parameters.Get("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            id = number;
        return true;
    }
}
