namespace VoiceGateway.Sip;

// From the INVITE to the ACK, and the dialogs that come about on the way. In the mailbox.
public sealed partial class SipCall
{
    private readonly HashSet<DialogId> _dialogIds = [];
    private readonly List<DialogSession> _early = [];

    /// <summary>The most recent early dialog of an outgoing call, or the dialog; null before the first.</summary>
    internal DialogSession? CurrentSession => Dialog is { } dialog ? new DialogSession(dialog, Offers) : _early.LastOrDefault();

    /// <summary>Whether the dialog was begun by way of sips, so that our Contact has to be one (sections 8.1.1.8 and 12.1.1).</summary>
    private bool IsSecure => (IsIncoming ? Invite.RecordRoutes : Invite.Routes) is [var first, ..] && first.Uri.IsSecure
        || Invite.RequestUri.IsSecure
        || (IsIncoming && Invite.RecordRoutes.Count == 0 && Invite.Contact is { Uri.IsSecure: true });

    internal static SipCall CreateIncoming(SipStack stack, SipRequest invite, SipFlow flow)
    {
        var call = new SipCall(stack, isIncoming: true) { Invite = invite };
        call.Dialog = SipDialog.OfIncoming(invite, call.LocalTag, flow);
        call.Bind(flow);
        return call;
    }

    internal static SipCall CreateOutgoing(SipStack stack, OutgoingInvite outgoing) =>
        new(stack, isIncoming: false) { _outgoing = outgoing };

    internal void BeginIncoming(InviteServerTransaction transaction)
    {
        _incoming = new IncomingInvite(this, _stack, transaction);
        Use(Dialog!.Flow);
        Dialog.Moved = Use;
        AddDialog(Dialog!.Id);
        Abilities.Learn(Invite);
        _incoming.Begin();
        if (_stack.IsStopping)
            Abandon();
        else if (_incoming.IsAcceptable() && !ReplacesHeader.Receive(_stack, this))
            _stack.Handler!.OnInvite(this);
    }

    internal void BeginOutgoing(SipRequest invite, SipFlow flow)
    {
        Invite = invite;
        LocalTag = invite.From.Tag!;
        _early.Clear(); // of the attempt before
        RemoveDialogs();
        Bind(flow);
        Use(flow);
    }

    /// <summary>An early dialog of an outgoing call (section 12.1.2): a forked one has several, each with its own sequence numbers and session.</summary>
    internal void AddEarlyDialog(SipDialog dialog, OfferAnswerState offers)
    {
        _early.Add(new DialogSession(dialog, offers));
        AddDialog(dialog.Id);
    }

    internal void Establish(SipDialog dialog) => Establish(dialog, Offers, null);

    /// <summary>An outgoing call is answered: of its dialogs this one remains.</summary>
    /// <param name="dialog">The early dialog where there was one, so that its sequence numbers go on.</param>
    /// <param name="offers">The dialog's.</param>
    /// <param name="success">The 2xx: it says what the peer can do, and what becomes of the session timer.</param>
    internal void Establish(SipDialog dialog, OfferAnswerState offers, SipResponse? success)
    {
        Dialog = dialog;
        Offers = offers;
        _early.Clear();
        RemoveDialogs();
        AddDialog(dialog.Id);
        Use(dialog.Flow); // its early requests may have come by another
        dialog.Moved = Use;
        _state = SipCallState.Established;
        if (success is null)
            return;
        Abilities.Learn(success);
        SessionTimer.Accepted(success);
    }

    /// <summary>Requests within this dialog come here from now on; an outgoing call may have several early dialogs.</summary>
    internal void AddDialog(in DialogId id)
    {
        if (_dialogIds.Add(id))
            _stack.Calls.AddDialog(id, this);
    }

    /// <summary>The dialog or early dialog that a request received names; null for one of an outgoing call that is not kept.</summary>
    internal DialogSession? FindSession(SipRequest request) => Dialog is { } dialog
        ? new DialogSession(dialog, Offers)
        : _early.Find(session => session.Dialog.Id == DialogId.OfRequest(request));

    /// <summary>A response that establishes or confirms the dialog: with Contact, and what we allow (sections 12.1.1 and 13.3.1.4).</summary>
    internal SipResponse CreateDialogResponse(SipRequest request, int status, SipDialog? dialog = null)
    {
        var response = _stack.CreateResponse(request, status, toTag: LocalTag);
        response.Contact = CreateContact((dialog ?? Dialog!).Flow);
        _stack.Capabilities.PutAllow(response);
        _stack.Capabilities.PutSupported(response);
        return response;
    }

    internal SipNameAddress CreateContact(SipFlow flow)
    {
        var contact = _stack.CreateContact(flow, LocalUri.User);
        return IsSecure && flow.Kind == SipTransportKind.Tls && !contact.Uri.IsSecure
            ? new SipNameAddress(new SipUri(contact.Uri.User, contact.Uri.Host, contact.Uri.Port, secure: true))
            : contact;
    }

    private void OnAcknowledged(AcceptedInvite accepted, SipRequest ack)
    {
        if (_isHangUpWanted)
        {
            SendBye(SipCallEndCause.LocalBye, _hangUpWhenAcknowledged);
            return;
        }

        if (accepted.AwaitsAnswer && (SdpBody.Read(ack, out _) is not { } answer || !Offers.Accept(answer)))
        {
            SendBye(SipCallEndCause.NegotiationFailed, "SIP;cause=488;text=\"No usable answer in ACK\"");
            return;
        }

        if (_state == SipCallState.Answered)
            _state = SipCallState.Established;
        _answering?.TrySetResult(true);
    }

    private void OnUnacknowledged(AcceptedInvite accepted)
    {
        _stack.Counters.Increment(SipCounter.CallsWithoutAck);
        SendBye(_isHangUpWanted ? SipCallEndCause.LocalBye : SipCallEndCause.NoAck, "SIP;cause=408;text=\"No ACK\"");
    }

    private void Bind(SipFlow flow)
    {
        PeerEndPoint = flow.RemoteEndPoint;
        Transport = flow.Kind;
        LocalAddress = flow.LocalEndPoint.Address;
        AdvertisedAddress = _stack.Transports.Advertised.Address(flow);
    }

    /// <summary>The connection that the peer now uses is the one to be kept open, and no other on the call's account.</summary>
    private void Use(SipFlow? flow)
    {
        if (_state == SipCallState.Ended)
            flow = null;
        if (_flow == flow)
            return;
        flow?.AddUse();
        _flow?.ReleaseUse();
        _flow = flow;
    }

    private void RemoveDialogs()
    {
        foreach (var id in _dialogIds)
            _stack.Calls.RemoveDialog(id, this);
        _dialogIds.Clear();
    }
}
