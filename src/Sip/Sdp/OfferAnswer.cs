using System.Globalization;
using System.Net;

namespace VoiceGateway.Sip;

/// <summary>
/// The offer/answer model for one audio stream over plain RTP (RFC 3264). Other streams, and audio over SRTP or with RTCP feedback,
/// are refused by port 0; when nothing is left, there is no answer and the INVITE gets 488.
/// </summary>
public static class OfferAnswer
{
    private const byte FirstDynamic = 96;
    private const byte UsualTelephoneEvent = 101;
    private const string TelephoneEvent = "telephone-event";

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
            return null;
        var theirs = offer.Media[index];
        var held = IsHeld(offer, theirs);
        var direction = local.Direction.And(Allowed(theirs.Direction, offer.ConnectionOf(theirs)));
        var digits = local.TelephoneEvents ? FindDigits(theirs, codec.ClockRateHz) : null;
        List<SdpFormat> formats = [codec with { Fmtp = null }];
        if (digits is not null)
            formats.Add(digits with { Fmtp = Digits });
        var ours = new MediaDescription
        {
            Media = theirs.Media,
            Port = local.Port,
            Protocol = theirs.Protocol,
            FormatTokens = Tokens(formats),
            Formats = formats,
            Ptime = PtimeOf(theirs, local.PtimeMs),
            Direction = direction,
        };
        answer = Stamp(local, state, [.. offer.Media.Select((media, i) => i == index ? ours : media.Rejected())]);
        var agreed = new AudioFormat(codec.EncodingName, codec.ClockRateHz, codec.PayloadType);
        return Describe(offer, theirs, agreed, digits?.PayloadType, local.PtimeMs, direction, held) with
        {
            TelephoneEventReceivePayloadType = digits?.PayloadType,
            ReceiveFormats = [agreed],
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
        List<SdpFormat> formats = [.. local.Supported.Select(format => format.ToSdp())];
        if (local.TelephoneEvents)
        {
            var clockRateHz = local.Supported.Count > 0 ? local.Supported[0].ClockRateHz : 8000;
            formats.Add(new SdpFormat(DigitsPayloadType(earlier, formats), TelephoneEvent, clockRateHz, Fmtp: Digits));
        }

        var ours = new MediaDescription
        {
            Port = local.Port,
            FormatTokens = Tokens(formats),
            Formats = formats,
            Ptime = local.PtimeMs,
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
    /// <returns>Null when it refuses the audio, or answers with what was not offered.</returns>
    public static NegotiatedAudio? TryAccept(SessionDescription offerWeSent, SessionDescription answer)
    {
        ArgumentNullException.ThrowIfNull(offerWeSent);
        ArgumentNullException.ThrowIfNull(answer);
        var index = IndexOfAudio(offerWeSent);
        if (index >= offerWeSent.Media.Count || index >= answer.Media.Count)
            return null;
        var ours = offerWeSent.Media[index];
        var theirs = answer.Media[index];
        if (!IsUsable(theirs))
            return null;
        if (offerWeSent.ConnectionOf(ours)?.Address is { } address && !IsReachable(answer.ConnectionOf(theirs), address))
            return null;

        // The peer may number a dynamic payload type otherwise than we did: each side sends what the other one's description says.
        List<AudioFormat> agreed = [];
        foreach (var format in theirs.Formats)
        {
            var offered = ours.Formats.FirstOrDefault(f => !f.IsTelephoneEvent && f.Is(format.EncodingName, format.ClockRateHz) && format.Channels == 1);
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
            ReceiveFormats = agreed,
        };
    }

    /// <summary>The first m-line that can be used, and in it the first codec by the offer's order (RFC 3264 section 6.1).</summary>
    private static (int Index, SdpFormat Codec)? FindUsable(SessionDescription offer, LocalAudio local)
    {
        for (var i = 0; i < offer.Media.Count; i++)
        {
            if (!IsUsable(offer.Media[i]) || !IsReachable(offer.ConnectionOf(offer.Media[i]), local.Address))
                continue;
            foreach (var format in offer.Media[i].Formats)
            {
                if (local.Supported.Any(supported => format.Is(supported.EncodingName, supported.ClockRateHz)))
                    return (i, format);
            }
        }

        return null;
    }

    private static bool IsUsable(MediaDescription media) => media.IsAudio && media.Port != 0 && media.IsRtpAvp;

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

    private static int PtimeOf(MediaDescription theirs, int preferred)
    {
        // Outside of this no telephone's wish is meant seriously, and a packet of more than 100 ms would not fit the jitter bounds.
        var wanted = theirs.Ptime is >= 10 and <= 100 ? theirs.Ptime.Value : preferred;
        return theirs.MaxPtime is >= 10 and var most && most < wanted ? most : wanted;
    }

    private static NegotiatedAudio Describe(
        SessionDescription description, MediaDescription theirs, AudioFormat codec, byte? digits, int preferredPtimeMs, MediaDirection direction, bool held)
    {
        var connection = description.ConnectionOf(theirs);
        var address = connection is { IsUnspecified: false } ? connection.Address : null;
        var rtp = address is null ? null : new IPEndPoint(address, theirs.Port);
        var rtcpAddress = theirs.RtcpAddress ?? address;
        var rtcp = theirs.RtcpPort is { } port && rtcpAddress is not null ? new IPEndPoint(rtcpAddress, port) : null;
        return new NegotiatedAudio(rtp, rtcp, codec, digits, PtimeOf(theirs, preferredPtimeMs), direction, held)
        {
            RemoteHost = connection?.Host,
            RemotePort = theirs.Port,
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
