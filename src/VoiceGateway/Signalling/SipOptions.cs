using System.ComponentModel.DataAnnotations;
using System.Net;
using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>Section <c>Sip</c>.</summary>
public sealed class SipOptions : IValidatableObject
{
    public const string Section = "Sip";

    /// <summary><c>udp:host:port</c>, <c>tcp:host:port</c>.</summary>
    public string[] Listen { get; set; } = [];

    /// <summary>Address in Contact, Via and SDP behind NAT; null: the interface's own.</summary>
    public string? AdvertisedAddress { get; set; }

    // An element that a stronger list took away is null.
    public IReadOnlyList<SipListen> Endpoints =>
        Listen.Any(static l => !string.IsNullOrEmpty(l)) ? [.. Listen.Where(static l => !string.IsNullOrEmpty(l)).Select(Parse)] : [Parse("udp:0.0.0.0:5060"), Parse("tcp:0.0.0.0:5060")];

    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        for (var i = 0; i < Listen.Length; i++)
            if (!string.IsNullOrEmpty(Listen[i]) && !SipListen.TryParse(Listen[i], out _, out var error)) yield return new(error, [$"{nameof(Listen)}:{i}"]);
        if (!string.IsNullOrEmpty(AdvertisedAddress) && !IPAddress.TryParse(AdvertisedAddress, out _))
            yield return new("is not an IP address", [nameof(AdvertisedAddress)]);
    }

    private static SipListen Parse(string listen) =>
        SipListen.TryParse(listen, out var parsed, out var error) ? parsed : throw new FormatException(error);
}
