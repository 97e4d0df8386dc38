using System.Net;
using VoiceGateway.Media;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>A call's ports, its leg on the clock, and what offer and answer do to it.</summary>
internal sealed partial class CallMedia(CallServices services, CallAudioPath audio, TurnTimeline timeline, ConversationWatch watch)
{
    private readonly ILogger<CallMedia> _log = services.Loggers.CreateLogger<CallMedia>();
    private readonly Lock _gate = new();
    private LocalAudio? _local;
    private CallLine? _current;
    private CallLine? _applied;
    private string? _protection;

    /// <param name="reached">Our address as the peer reached it by SIP, or would.</param>
    /// <param name="advertised">What the peer is told: the same, but behind NAT.</param>
    /// <param name="srtp">Of the dialog.</param>
    /// <returns>Null when no port is free.</returns>
    public SdpNegotiator? TryOpen(IPAddress reached, IPAddress advertised, SrtpTerms srtp)
    {
        var configured = IPAddress.TryParse(services.Media.Address, out var address) ? address : null;
        if (!services.Ports.TryOpen(configured ?? reached, out var ports)) return null;
        var leg = new RtpLeg(ports, audio, services.Media, services.Time, services.BufferPool);
        audio.Attach(leg);
        leg.Start(services.Clock);
        _local = new LocalAudio(Shown(configured, reached, advertised), leg.Port, services.Media.Formats);
        _current = Another(srtp);
        return _current.Negotiator;
    }

    /// <summary>For another dialog over the same port, which does not count before it takes over.</summary>
    public CallLine Another(SrtpTerms srtp) => new(this, _local!, srtp);

    public void Agreed(CallLine line, NegotiatedAudio agreed)
    {
        lock (_gate)
        {
            line.Agreed = agreed;
            if (agreed.Srtp is not null && line.Srtp is { HidesKeys: false, Trunk: { } trunk } && trunk.IsFirstWithOpenKeys()) LogOpenKeys(trunk.Name);
            if (line == _current) Apply(line, agreed);
        }
    }

    public void Switch(CallLine line)
    {
        lock (_gate)
        {
            _current = line;
            if (line.Agreed is { } agreed) Apply(line, agreed);
        }
    }

    /// <summary>Nobody is on the line, and somebody will be: as when the other side has us on hold.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            if (audio.Leg.Negotiated is { } negotiated) Apply(_applied!, negotiated with { LocalDirection = MediaDirection.Inactive, OnHold = true });
        }
    }

    // What SDP tells the peer: behind NAT not the address that is bound.
    private static IPAddress Shown(IPAddress? configured, IPAddress reached, IPAddress advertised) =>
        !advertised.Equals(reached) || configured is null || configured.Equals(IPAddress.Any) || configured.Equals(IPAddress.IPv6Any) ? advertised : configured;

    // In the dialog's mailbox: the first answer, and every re-INVITE.
    private void Apply(CallLine line, NegotiatedAudio negotiated)
    {
        var wasHeld = audio.Leg.Negotiated?.OnHold ?? false;
        audio.Leg.Apply(negotiated, isAnotherPeer: line != _applied);
        _applied = line;
        // Nothing is sent then, and nothing said of how.
        if (!negotiated.IsBlackHole) TellOfProtection(negotiated.Srtp?.Suite ?? "none");
        if (negotiated.OnHold == wasHeld) return;
        timeline.Mark(negotiated.OnHold ? TimelineMark.Held : TimelineMark.Resumed);
        if (negotiated.OnHold) watch.Held();
        else watch.Resumed();
    }

    private void TellOfProtection(string suite)
    {
        if (_protection is { } before && before != suite) LogProtectionChanged(before, suite);
        _protection = suite;
    }

    [LoggerMessage(115, LogLevel.Warning, "Trunk {Trunk}: SRTP keys went through signalling without TLS, where others may read them; said once")]
    private partial void LogOpenKeys(string trunk);

    [LoggerMessage(116, LogLevel.Information, "SRTP changed in mid-call: {Before} before, {Now} from here on")]
    private partial void LogProtectionChanged(string before, string now);
}
