using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// The offer/answer model for one audio stream over RTP or SRTP (RFC 3264). Other streams are refused by port 0 in their place; when
/// nothing is left, there is no answer and the INVITE gets 488. The feedback profiles are answered as what they are, without feedback; a
/// line without it is taken first.
/// <code>
///   Srtp      offered: SAVP with keys    AVP with keys (RFC 8643)    AVP                our offers
///   Never              refused           AVP, keys unanswered        AVP                AVP
///   Optional           SAVP              AVP with keys               AVP                AVP, with keys where OffersKeys
///   Required           SAVP              AVP with keys               refused            SAVP
/// </code>
/// What is further to the left is taken first. Fingerprints (DTLS-SRTP) and candidates on a line go unanswered.
/// </summary>
public static class OfferAnswer
{
    private const byte FirstDynamic = 96;
    private const byte UsualTelephoneEvent = 101;
    private const string TelephoneEvent = "telephone-event";
    private const string ComfortNoise = "CN";

    // RFC 4733 section 2.4.1: what leaves it out means 0-15, the digits.
    private const string Digits = "0-15";

    /// <summary>Answers an offer.</summary>
    /// <returns>Null when nothing in it can be used; <paramref name="state"/> is then unchanged.</returns>
    public static NegotiatedAudio? TryAnswer(SessionDescription offer, LocalAudio local, SdpOriginState state, out SessionDescription? answer)
    {
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(state);
        answer = null;
        if (FindUsable(offer, local) is not var (index, codec))
            return AsksForNothing(offer, state) ? AnswerNothing(offer, local, state, out answer) : null;
        var theirs = offer.Media[index];
        var held = IsHeld(offer, theirs);
        var direction = local.Direction.And(Allowed(theirs.Direction, offer.ConnectionOf(theirs)));
        var noise = local.ComfortNoise ? FindNoise(theirs, codec.ClockRateHz) : null;
        var digits = local.TelephoneEvents ? FindDigits(theirs, codec.ClockRateHz) : null;
        List<SdpFormat> formats = [codec with { Fmtp = null }];
        if (noise is not null)
            formats.Add(noise with { Fmtp = null });
        if (digits is not null)
            formats.Add(digits with { Fmtp = Digits });
        SdpCrypto? crypto = null;
        var srtp = SdesExchange.Choose(theirs, local) is { } chosen ? SdesExchange.Answer(chosen, state, out crypto) : null;
        var ours = new MediaDescription
        {
            Media = theirs.Media,
            Port = local.Port,
            Protocol = theirs.Protocol,
            FormatTokens = Tokens(formats),
            Formats = formats,
            Ptime = PacketTime.Agree(theirs.Ptime, theirs.MaxPtime, local.PtimeMs),
            RtcpMux = theirs.RtcpMux,
            Crypto = crypto is null ? [] : [crypto],
            Direction = direction,
        };
        answer = Stamp(local, state, [.. offer.Media.Select((media, i) => i == index ? ours : media.Rejected())]);
        List<AudioFormat> heard = [AsAgreed(codec), .. theirs.Formats.Where(format => format != codec && IsSupported(format, local)).Select(AsAgreed)];
        return Describe(offer, theirs, heard[0], digits?.PayloadType, local.PtimeMs, direction, held) with
        {
            TelephoneEventReceivePayloadType = digits?.PayloadType,
            ComfortNoisePayloadType = noise?.PayloadType,
            ReceiveFormats = heard,
            RtcpMux = theirs.RtcpMux,
            Srtp = srtp,
        };
    }

    /// <summary>
    /// Offers everything that <paramref name="local"/> supports. Within a dialog the m-lines keep their places and the payload types
    /// their meaning (RFC 3264 sections 8 and 8.3.2), which <paramref name="state"/> remembers.
    /// </summary>
    public static SessionDescription CreateOffer(LocalAudio local, SdpOriginState state)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(state);
        var index = IndexOfAudio(state.Last);
        var earlier = state.Last is { } last && index < last.Media.Count ? last.Media[index] : null;
        List<SdpFormat> formats = [.. local.Supported.Distinct().Select(static format => format.ToSdp())];
        var clockRateHz = local.Supported.Count > 0 ? local.Supported[0].ClockRateHz : 8000;
        if (local.ComfortNoise && earlier is not null && FindNoise(earlier, clockRateHz) is { } noise)
            formats.Add(noise);
        if (local.TelephoneEvents)
            formats.Add(new SdpFormat(DigitsPayloadType(earlier, formats), TelephoneEvent, clockRateHz, Fmtp: Digits));

        var ours = new MediaDescription
        {
            Port = local.Port,
            Protocol = ProfileOf(earlier, local),
            FormatTokens = Tokens(formats),
            Formats = formats,
            Ptime = local.PtimeMs,
            RtcpMux = earlier is { RtcpMux: true },
            Crypto = CryptoOf(earlier, local, state),
            Direction = local.Direction,
        };
        List<MediaDescription> media = [.. state.Last?.Media.Select(line => line.Rejected()) ?? []];
        if (index < media.Count)
            media[index] = ours;
        else
            media.Add(ours);
        return Stamp(local, state, media);
    }

    /// <summary>Reads the answer to an offer of ours.</summary>
    /// <param name="offerWeSent">Or an answer of ours, offered again as it was.</param>
    /// <param name="answer">The peer's.</param>
    /// <param name="policy">Where SRTP is required, keys under RTP/AVP are no invitation (RFC 8643) that may go unanswered.</param>
    /// <returns>Null when it refuses the audio, answers with what was not offered, or leaves open what must be encrypted.</returns>
    public static NegotiatedAudio? TryAccept(SessionDescription offerWeSent, SessionDescription answer, SrtpPolicy policy = SrtpPolicy.Optional)
    {
        ArgumentNullException.ThrowIfNull(offerWeSent);
        ArgumentNullException.ThrowIfNull(answer);
        var index = IndexOfAudio(offerWeSent);
        if (index >= offerWeSent.Media.Count || index >= answer.Media.Count)
            return null;
        var ours = offerWeSent.Media[index];
        var theirs = answer.Media[index];
        if (!IsUsable(theirs) || !SdesExchange.TryAccept(ours, theirs, out var srtp) || (policy == SrtpPolicy.Required && srtp is null))
            return null;
        if (offerWeSent.ConnectionOf(ours)?.Address is { } address && !IsReachable(answer.ConnectionOf(theirs), address))
            return null;

        // The peer may number a dynamic payload type otherwise than we did: each side sends what the other one's description says.
        List<AudioFormat> agreed = [];
        foreach (var format in theirs.Formats)
        {
            var offered = ours.Formats.FirstOrDefault(f => !f.IsTelephoneEvent && !IsNoise(f) && f.Is(format.EncodingName, format.ClockRateHz) && format.Channels == 1);
            if (offered is not null)
                agreed.Add(new AudioFormat(offered.EncodingName, offered.ClockRateHz, format.PayloadType) { ReceivePayloadType = offered.PayloadType });
        }

        if (agreed is not [var codec, ..])
            return null;
        var ourDigits = FindDigits(ours, codec.ClockRateHz);
        var theirDigits = ourDigits is null ? null : FindDigits(theirs, codec.ClockRateHz);
        var direction = ours.Direction.And(Allowed(theirs.Direction, answer.ConnectionOf(theirs)));
        return Describe(answer, theirs, codec, theirDigits?.PayloadType, ours.Ptime ?? 20, direction, IsHeld(answer, theirs)) with
        {
            TelephoneEventReceivePayloadType = theirDigits is null ? null : ourDigits!.PayloadType,
            ComfortNoisePayloadType = FindNoise(theirs, codec.ClockRateHz) is null ? null : FindNoise(ours, codec.ClockRateHz)?.PayloadType,
            ReceiveFormats = agreed,
            RtcpMux = ours.RtcpMux && theirs.RtcpMux,
            Srtp = srtp,
        };
    }

    /// <summary>Why an offer has no answer, in a few words; null: because of what it offers, not because of how it protects it.</summary>
    public static string? SrtpObjection(SessionDescription offer, LocalAudio local)
    {
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(local);
        if (FindUsable(offer, local) is not null)
            return null;
        if (local.Srtp == SrtpPolicy.Required && FindUsable(offer, local with { Srtp = SrtpPolicy.Never }) is not null)
            return "SRTP is required";
        if (!offer.Media.Any(static media => media is { IsAudio: true, IsSecure: true, Port: not 0 }))
            return null;
        return local.Srtp == SrtpPolicy.Never ? "SRTP is not taken" : "No SRTP keys of use";
    }

    /// <summary>The first m-line that can be used: with keys before without, secure profiles before others, and those with feedback last; and in it the codec of <see cref="Choose"/>.</summary>
    private static (int Index, SdpFormat Codec)? FindUsable(SessionDescription offer, LocalAudio local)
    {
        bool HasKeys(MediaDescription media) => SdesExchange.Choose(media, local) is not null;
        return FindUsable(offer, local, media => media.IsRtpSavp && HasKeys(media))
            ?? FindUsable(offer, local, media => media.IsRtpSavpf && HasKeys(media))
            ?? FindUsable(offer, local, media => media.IsRtpAvp && HasKeys(media))
            ?? FindUsable(offer, local, media => media.IsRtpAvpf && HasKeys(media))
            ?? FindUsable(offer, local, media => media.IsRtpAvp && local.Srtp != SrtpPolicy.Required)
            ?? FindUsable(offer, local, media => media.IsRtpAvpf && local.Srtp != SrtpPolicy.Required);
    }

    private static (int Index, SdpFormat Codec)? FindUsable(SessionDescription offer, LocalAudio local, Predicate<MediaDescription> isWanted)
    {
        for (var i = 0; i < offer.Media.Count; i++)
        {
            var media = offer.Media[i];
            if (!isWanted(media) || !IsUsable(media) || !IsReachable(offer.ConnectionOf(media), local.Address))
                continue;
            if (Choose(media, local) is { } codec)
                return (i, codec);
        }

        return null;
    }

    /// <summary>
    /// The offer's order decides (RFC 3264 section 6.1), but for what we have a reason for: where our first is wideband, it comes before all
    /// that is not, and otherwise after it.
    /// </summary>
    private static SdpFormat? Choose(MediaDescription media, LocalAudio local)
    {
        var wideFirst = local.Supported is [{ IsWideband: true }, ..];
        return media.Formats.Where(format => IsSupported(format, local)).OrderBy(format => IsWideband(format) != wideFirst).FirstOrDefault();
    }

    private static bool IsWideband(SdpFormat format) => format.Is(AudioFormat.G722.EncodingName, AudioFormat.G722.ClockRateHz);

    /// <summary>
    /// A session without any media yet (RFC 3725: a third party that brings two calls together), or from which the peer has taken what
    /// there was (RFC 3264 section 8.2, which does not let us refuse).
    /// </summary>
    private static bool AsksForNothing(SessionDescription offer, SdpOriginState state) =>
        offer.Media.All(static media => media.Port == 0) && (offer.Media.Count == 0 || state.Last is not null);

    private static NegotiatedAudio? AnswerNothing(SessionDescription offer, LocalAudio local, SdpOriginState state, out SessionDescription? answer)
    {
        answer = null;
        if (local.Supported is not [var codec, ..])
            return null;
        answer = Stamp(local, state, [.. offer.Media.Select(static media => media.Rejected())]);
        return new NegotiatedAudio(null, null, codec, null, local.PtimeMs, MediaDirection.Inactive, OnHold: true)
        {
            ReceiveFormats = local.Supported,
            IsBlackHole = true,
        };
    }

    private static bool IsUsable(MediaDescription media) => media.IsAudio && media.Port != 0 && (media.IsRtpAvp || media.IsRtpAvpf || media.IsSecure);

    /// <summary>What a line of ours was, it stays; where SRTP has become a must, its profile is.</summary>
    private static string ProfileOf(MediaDescription? earlier, LocalAudio local) => (earlier, local.Srtp) switch
    {
        ({ IsSecure: false, Crypto.Count: 0 }, SrtpPolicy.Required) or (null, SrtpPolicy.Required) => "RTP/SAVP",
        (null, _) => "RTP/AVP",
        _ => earlier.Protocol,
    };

    /// <summary>The keys of before within a dialog: who offers them again changes nothing (RFC 4568 section 7.1.4).</summary>
    private static IReadOnlyList<SdpCrypto> CryptoOf(MediaDescription? earlier, LocalAudio local, SdpOriginState state) => (earlier, local.Srtp) switch
    {
        ({ Crypto: { Count: > 0 } before }, not SrtpPolicy.Never) => before,
        (_, SrtpPolicy.Required) => SdesExchange.Offer(local, state),
        (null, SrtpPolicy.Optional) when local.OffersKeys => SdesExchange.Offer(local, state),
        _ => [],
    };

    private static bool IsSupported(SdpFormat format, LocalAudio local) =>
        local.Supported.Any(supported => format.Is(supported.EncodingName, supported.ClockRateHz));

    private static AudioFormat AsAgreed(SdpFormat format) => new(format.EncodingName, format.ClockRateHz, format.PayloadType);

    /// <summary>An address of the other family cannot be reached from our port. A host name may resolve to either.</summary>
    private static bool IsReachable(SdpConnection? connection, IPAddress local) =>
        connection?.Address is not { } address || connection.IsUnspecified || address.AddressFamily == SdpConnection.Plain(local).AddressFamily;

    /// <summary>What the other side's line lets us do. To 0.0.0.0 nothing may be sent (RFC 3264 section 8.4).</summary>
    private static MediaDirection Allowed(MediaDirection theirs, SdpConnection? connection)
    {
        var mirrored = theirs.Mirror();
        return connection is { IsUnspecified: true } ? mirrored.And(MediaDirection.RecvOnly) : mirrored;
    }

    private static bool IsHeld(SessionDescription description, MediaDescription media) =>
        !Allowed(media.Direction, description.ConnectionOf(media)).CanSend();

    // telephone-event has the clock of the audio that it shares the stream with (RFC 4733 section 2.1).
    private static SdpFormat? FindDigits(MediaDescription media, int clockRateHz) =>
        media.Formats.FirstOrDefault(format => format.IsTelephoneEvent && format.ClockRateHz == clockRateHz);

    // And so has comfort noise (RFC 3389 section 4).
    private static SdpFormat? FindNoise(MediaDescription media, int clockRateHz) =>
        media.Formats.FirstOrDefault(format => format.Is(ComfortNoise, clockRateHz));

    private static bool IsNoise(SdpFormat format) => format.EncodingName.Equals(ComfortNoise, StringComparison.OrdinalIgnoreCase);

    private static int IndexOfAudio(SessionDescription? description)
    {
        for (var i = 0; i < (description?.Media.Count ?? 0); i++)
        {
            if (IsUsable(description!.Media[i]))
                return i;
        }

        return description?.Media.Count ?? 0;
    }

    private static byte DigitsPayloadType(MediaDescription? earlier, List<SdpFormat> taken)
    {
        if (earlier?.Formats.FirstOrDefault(format => format.IsTelephoneEvent) is { } before)
            return before.PayloadType;
        var payloadType = UsualTelephoneEvent;
        while (taken.Any(format => format.PayloadType == payloadType))
            payloadType = payloadType == 127 ? FirstDynamic : (byte)(payloadType + 1);
        return payloadType;
    }

    private static NegotiatedAudio Describe(
        SessionDescription description, MediaDescription theirs, AudioFormat codec, byte? digits, int preferredPtimeMs, MediaDirection direction, bool held)
    {
        var connection = description.ConnectionOf(theirs);
        var address = connection is { IsUnspecified: false } ? connection.Address : null;
        var rtp = address is null ? null : new IPEndPoint(address, theirs.Port);
        var rtcpAddress = theirs.RtcpAddress ?? address;
        var rtcp = theirs.RtcpPort is { } port && rtcpAddress is not null ? new IPEndPoint(rtcpAddress, port) : null;
        var ptime = PacketTime.Agree(theirs.Ptime, theirs.MaxPtime, preferredPtimeMs);
        return new NegotiatedAudio(rtp, rtcp, codec, digits, ptime, direction, held)
        {
            RemoteHost = connection?.Host,
            RemoteFamily = connection is null ? null : connection.IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork,
            RemotePort = theirs.Port,
            RemoteRtcpPort = theirs.RtcpPort,
            IsBlackHole = connection is { IsUnspecified: true },
        };
    }

    private static SessionDescription Stamp(LocalAudio local, SdpOriginState state, IReadOnlyList<MediaDescription> media)
    {
        var connection = new SdpConnection(local.Address);
        return state.Stamp(new SessionDescription { Connection = connection, Media = media }, connection);
    }

    private static string[] Tokens(List<SdpFormat> formats) =>
        [.. formats.Select(format => format.PayloadType.ToString(CultureInfo.InvariantCulture))];
}
