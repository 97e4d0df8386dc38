namespace VoiceGateway.Sip;

/// <summary>What became of a question, and for how long that is good.</summary>
internal sealed record DnsAnswer(DnsOutcome Outcome, IReadOnlyList<DnsRecord> Records, TimeSpan GoodFor)
{
    /// <summary>How long nobody is asked again after a first failure (RFC 9520 section 3.2).</summary>
    public static readonly TimeSpan FailureHold = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestNothing = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan NothingWithoutZone = TimeSpan.FromSeconds(5);

    public static DnsAnswer Failed { get; } = new(DnsOutcome.Failed, [], FailureHold);

    public static DnsAnswer Found(IReadOnlyList<DnsRecord> records, uint ttl) =>
        new(DnsOutcome.Found, records, Clamp(TimeSpan.FromSeconds(ttl), Longest));

    /// <summary>RFC 2308 section 5: good for the SOA's TTL or its minimum, whichever is less.</summary>
    public static DnsAnswer Nothing(DnsZoneRecord? zone) =>
        new(DnsOutcome.Nothing, [], zone is null ? NothingWithoutZone : Clamp(TimeSpan.FromSeconds(Math.Min(zone.Ttl, zone.Minimum)), LongestNothing));

    private static TimeSpan Clamp(TimeSpan value, TimeSpan longest) => value < Shortest ? Shortest : value > longest ? longest : value;
}
