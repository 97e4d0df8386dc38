using System.ComponentModel.DataAnnotations;
using System.Net;
using VoiceGateway.Rtp;

namespace VoiceGateway.Media;

/// <summary>Section <c>Media</c>.</summary>
public sealed class MediaOptions : IValidatableObject
{
    public const string Section = "Media";

    /// <summary>Where RTP is received; empty: the address that the caller reached by SIP.</summary>
    public string? Address { get; set; }

    /// <summary>First and last port; RTP takes the even ones, RTCP the odd ones above.</summary>
    [RegularExpression(@"^\d{1,5}-\d{1,5}$", ErrorMessage = "must be FIRST-LAST, such as 20000-29999")]
    public string PortRange { get; set; } = "20000-29999";

    /// <summary>A call on which no RTP arrives for this long is ended; 0: never. A call on hold is not.</summary>
    [Range(0, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>The longest reply that playout holds; what goes beyond is dropped and counted.</summary>
    [Range(1, 1800)]
    public int PlayoutMaxSeconds { get; set; } = 300;

    /// <summary>How long a freed port rests, so that late packets of one call do not reach the next.</summary>
    [Range(0, 600)]
    public int PortQuarantineSeconds { get; set; } = 10;

    /// <summary>Threads that drive media; 0: as many as there are cores, 8 at most.</summary>
    [Range(0, MediaEngineOptions.MostThreads)]
    public int Threads { get; set; }

    /// <summary>Of those threads under SCHED_FIFO, where the system grants it (CAP_SYS_NICE, or a limit "rtprio"); 0: as every other thread.</summary>
    [Range(0, 99)]
    public int RealTimePriority { get; set; } = 10;

    public (int First, int Last) Ports
    {
        get
        {
            var parts = PortRange.Split('-');
            return (int.Parse(parts[0]), int.Parse(parts[1]));
        }
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        if (!string.IsNullOrEmpty(Address) && !IPAddress.TryParse(Address, out _)) yield return new("is not an IP address", [nameof(Address)]);
        var (first, last) = Ports;
        if (first < 1024 || last > 65535 || last - first < 1)
            yield return new("must lie within 1024-65535 and hold at least one pair of ports", [nameof(PortRange)]);
    }
}
