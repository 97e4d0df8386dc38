using System.ComponentModel.DataAnnotations;
using System.Net;
using VoiceGateway.Codecs;
using VoiceGateway.Rtp;
using VoiceGateway.Sip;

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

    /// <summary>
    /// Those that are spoken, best first, as our offers have it. In answers what is wideband comes first if it does so here; between codecs of
    /// one bandwidth the offer's order decides. Empty: G722, PCMU, PCMA.
    /// </summary>
    public string[] Codecs { get; set => field = value ?? []; } = [];

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

    /// <summary>Of <see cref="Codecs"/>, or the default.</summary>
    public IReadOnlyList<AudioFormat> Formats =>
        Codecs.Any(IsGiven) ? [.. Codecs.Where(IsGiven).Select(static name => SpeechCodecs.Format(name) ?? throw new FormatException(name))] : SpeechCodecs.Formats;

    /// <summary>Level of the noise in the agent's pauses, in dBov (RFC 3389): -65 is a quiet line, -50 a busy office; null: digital silence.</summary>
    [Range(-90, -30)]
    public int? ComfortNoiseDbov { get; set; }

    /// <summary>
    /// A reply's first packet leaves when its audio comes, up to 20 ms before its turn, and not with the call's next tick: for
    /// receivers that set their playout by the first packet of a talk spurt.
    /// </summary>
    public bool StartRepliesAtOnce { get; set; }

    /// <summary>What is done to the caller's voice before the model hears it; recordings have it as it came.</summary>
    public LevelOptions Uplink { get; set => field = value ?? new(); } = new();

    /// <summary>What is done to the agent's voice before the caller hears it.</summary>
    public LevelOptions Downlink { get; set => field = value ?? new(); } = new();

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
        if (Problem(Uplink) is { } uplink) yield return new(uplink, [nameof(Uplink)]);
        if (Problem(Downlink) is { } downlink) yield return new(downlink, [nameof(Downlink)]);
        var (first, last) = Ports;
        if (first < 1024 || last > 65535 || last - first < 1)
            yield return new("must lie within 1024-65535 and hold at least one pair of ports", [nameof(PortRange)]);
        for (var i = 0; i < Codecs.Length; i++)
            if (IsGiven(Codecs[i]) && SpeechCodecs.Format(Codecs[i]) is null)
                yield return new($"must be one of {string.Join(", ", SpeechCodecs.Formats.Select(static f => f.EncodingName))}", [$"{nameof(Codecs)}:{i}"]);
    }

    private static bool IsGiven(string? codec) => !string.IsNullOrWhiteSpace(codec);

    private static string? Problem(LevelOptions levels)
    {
        try
        {
            levels.Validate();
            return null;
        }
        catch (ArgumentOutOfRangeException e)
        {
            return e.Message;
        }
    }
}
