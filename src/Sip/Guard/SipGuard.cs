using System.Net;

namespace VoiceGateway.Sip;

/// <summary>
/// Stands before the parser. What floods us is found out from the raw bytes and costs a look-up, not a message object:
/// <code>
/// not SIP                                -> dropped
/// response to none of our requests       -> dropped
/// within the source's limits and all's   -> read
/// of a running call, by our tag          -> an allowance of its own, so that no flood keeps anybody from hanging up
/// repeat, CANCEL, ACK, by a branch held  -> another one, since a flood may well repeat itself
/// new, beyond the limits                 -> 503 for a peer, silence for a stranger
/// </code>
/// A running call is known by our tag and our request by our branch, both random: nobody can pretend. The branch of a request
/// received is its sender's invention, and proves nothing but that it came before.
/// </summary>
internal sealed class SipGuard
{
    /// <summary>Whoever has shown the right credentials is no stranger for this long.</summary>
    private static readonly TimeSpan VouchedFor = TimeSpan.FromHours(1);

    private const int LargestAnswer = 2048;

    private readonly SipStack _stack;
    private readonly ISipGatekeeper? _gatekeeper;
    private readonly TimeProvider _time;
    private readonly SipCounters _counters;
    private readonly SipSourceLimits _knownLimits;
    private readonly SipSourceLimits _unknownLimits;
    private readonly bool _hasRates;
    private readonly SourceTable _sources;
    private readonly TokenRate _knownMessages;
    private readonly TokenRate _unknownMessages;
    private readonly TokenRate _knownInvites;
    private readonly TokenRate _unknownInvites;
    private readonly TokenRate _allInvites;
    private readonly TokenRate _allUnknown;
    private readonly TokenRate _strangersInvites;
    private readonly TokenRate _refusals;
    private readonly byte[] _tail;
    private long _allInvitesSpent;
    private long _allUnknownSpent;
    private long _strangersInvitesSpent;
    private long _refusalsSpent;

    public SipGuard(SipStack stack)
    {
        var options = stack.Options.Guard ?? new SipGuardOptions();
        _stack = stack;
        _gatekeeper = stack.Options.Gatekeeper;
        _time = stack.Time;
        _counters = stack.Counters;
        _hasRates = stack.Options.Guard is not null;
        _knownLimits = _hasRates ? options.Known : new SipSourceLimits();
        _unknownLimits = _hasRates ? options.Unknown : new SipSourceLimits();
        _sources = new SourceTable(options.MaxSources, _time, VouchedFor);
        _knownMessages = new TokenRate(options.Known.Messages, _time);
        _unknownMessages = new TokenRate(options.Unknown.Messages, _time);
        _knownInvites = new TokenRate(options.Known.Invites, _time);
        _unknownInvites = new TokenRate(options.Unknown.Invites, _time);
        _allInvites = new TokenRate(options.Invites, _time);
        _allUnknown = new TokenRate(options.UnknownMessages, _time);
        _strangersInvites = new TokenRate(options.Invites.Half, _time);
        _refusals = new TokenRate(options.Refusals, _time);
        _tail = OverloadAnswer.CreateTail(stack.Options.RetryAfter, stack.Options.UserAgent);
        Offences = new OffenceReports(stack.Options.OnOffence, Knows, _time, _counters, stack.OnFault);
    }

    public OffenceReports Offences { get; }

    /// <summary>Whether the message is to be read. If not, whatever had to be answered has been.</summary>
    public bool Passes(ReadOnlySpan<byte> message, SipFlow flow)
    {
        var peek = MessagePeek.Read(message);
        switch (peek.Kind)
        {
            case MessageKind.Empty:
                return true;
            case MessageKind.Junk:
                _counters.Increment(SipCounter.MalformedDropped);
                Offences.Add(flow, SipOffenceKind.Malformed);
                return false;
            case MessageKind.Response when RawHeaders.TopBranch(peek.Headers) is { IsEmpty: false } branch:
                if (_stack.Transactions.Table.MayHoldClient(branch))
                    return true;
                _counters.Increment(SipCounter.ResponsesReceived);
                _counters.Increment(SipCounter.ResponsesUnmatched);
                return false;
            case MessageKind.Ack when StatelessTag.IsOurs(RawHeaders.ToTag(peek.Headers)):
                _counters.Increment(SipCounter.StatelessRefusalsAcknowledged);
                return false;
            default:
                return !_hasRates || IsWithinRates(peek, flow);
        }
    }

    /// <summary>Everybody, where nobody keeps the gate; else whom the gatekeeper knows, or has admitted of late.</summary>
    public bool Knows(SipFlow flow) => Knows(flow, SourceKey.Of(flow), _time.GetTimestamp());

    public bool Knows(in SipSource source) =>
        _gatekeeper is null || _gatekeeper.Knows(source) || _sources.IsVouchedFor(SourceKey.Of(source.EndPoint.Address), _time.GetTimestamp());

    /// <summary>
    /// Whether a message that fits nothing may be answered (481, 400, a ping's 200). If not, it is counted: who scans hears nothing.
    /// </summary>
    public bool MayAnswer(SipFlow flow, SipOffenceKind offence = SipOffenceKind.UnknownSource)
    {
        bool isKnown = Knows(flow);
        if (!isKnown || offence != SipOffenceKind.UnknownSource)
            Offences.Add(flow, offence);
        if (!isKnown)
            _counters.Increment(SipCounter.StrangersIgnored);
        return isKnown;
    }

    /// <summary>How much a peer may hold at one time, and whoever is in a call with us: its host may be another than the one that we know.</summary>
    public SipSourceLimits PeerLimits => _knownLimits;

    /// <summary>How much a source may hold at one time.</summary>
    public SipSourceLimits LimitsOf(SipFlow flow) => Knows(flow) ? _knownLimits : _unknownLimits;

    /// <summary>Asks the gatekeeper, reports what it complains of, and remembers whom it admits.</summary>
    public SipAdmission Admit(SipRequest request, SipFlow flow)
    {
        if (_gatekeeper is null)
            return SipAdmission.Accept();
        var admission = _gatekeeper.Admit(request, SipSource.Of(flow));
        if (admission.Offence is { } offence)
            Offences.Add(flow, offence, admission.User ?? request.From.Uri.User);
        if (admission.IsAccepted)
            _sources.Vouch(SourceKey.Of(flow), _time.GetTimestamp());
        else
            _counters.Increment(admission.Status == 0 ? SipCounter.StrangersIgnored : SipCounter.NotAdmitted);
        return admission;
    }

    private bool Knows(SipFlow flow, SourceKey source, long now) =>
        _gatekeeper is null || IsPeer(_gatekeeper, flow) || _sources.IsVouchedFor(source, now);

    /// <summary>By UDP the address is all there is to know: whoever comes for the first time has no object yet that could be asked about.</summary>
    private static bool IsPeer(ISipGatekeeper gatekeeper, SipFlow flow)
    {
        if (flow.Kind == SipTransportKind.Udp)
        {
            Span<byte> address = stackalloc byte[16];
            if (gatekeeper.KnowsAddress(address[..flow.CopyRemoteAddress(address)]) is { } isPeer)
                return isPeer;
        }

        return gatekeeper.Knows(SipSource.Of(flow));
    }

    private bool IsWithinRates(in MessagePeek peek, SipFlow flow)
    {
        long now = _time.GetTimestamp();
        var source = SourceKey.Of(flow);
        bool isKnown = Knows(flow, source, now);
        if (isKnown && TryTakeNew(peek.Kind, source, isKnown, now))
            return true; // the usual case: whether it is new or not need not be known
        if (_stack.Calls.MayHold(RawHeaders.ToTag(peek.Headers)))
            return _sources.TryTake(source, SourceBucket.Running, _knownMessages, now) || Drop();
        if (_stack.Transactions.Table.MayHoldServer(RawHeaders.TopBranch(peek.Headers)))
            return _sources.TryTake(source, SourceBucket.Repeats, _knownMessages, now) || Drop();
        if (!isKnown && TryTakeNew(peek.Kind, source, isKnown, now))
            return true;

        Drop();
        Offences.Add(flow, SipOffenceKind.RateLimited);
        if (isKnown && peek.Kind is (MessageKind.Invite or MessageKind.OtherRequest) && _refusals.TryTakeShared(ref _refusalsSpent, now))
            Refuse(peek.Headers, flow);
        return false;
    }

    /// <summary>The INVITE's own limits first, so that a flood of them leaves the messages' allowance alone.</summary>
    private bool TryTakeNew(MessageKind kind, SourceKey source, bool isKnown, long now)
    {
        if (kind == MessageKind.Invite && !_sources.TryTake(source, SourceBucket.Invites, isKnown ? _knownInvites : _unknownInvites, now))
            return false;
        if (!_sources.TryTake(source, isKnown ? SourceBucket.KnownMessages : SourceBucket.UnknownMessages, isKnown ? _knownMessages : _unknownMessages, now))
            return false;
        if (!isKnown && !_allUnknown.TryTakeShared(ref _allUnknownSpent, now))
            return false;
        if (!isKnown && kind == MessageKind.Invite && !_strangersInvites.TryTakeShared(ref _strangersInvitesSpent, now))
            return false;
        return kind != MessageKind.Invite || _allInvites.TryTakeShared(ref _allInvitesSpent, now);
    }

    private bool Drop()
    {
        _counters.Increment(SipCounter.RateLimited);
        return false;
    }

    private void Refuse(ReadOnlySpan<byte> headers, SipFlow flow)
    {
        Span<byte> answer = stackalloc byte[LargestAnswer];
        int length = OverloadAnswer.Write(headers, flow.RemoteEndPoint, _tail, answer, out int port);
        if (length == 0)
            return;
        _counters.Increment(SipCounter.OverloadRejected);
        _counters.Increment(SipCounter.ResponsesSent);
        var way = flow.IsReliable || port == flow.RemoteEndPoint.Port ? flow : flow.Towards(new IPEndPoint(flow.RemoteEndPoint.Address, port));
        way.Send(answer[..length]);
    }
}
