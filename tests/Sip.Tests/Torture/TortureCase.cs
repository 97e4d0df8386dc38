namespace VoiceGateway.Sip.Tests.Torture;

/// <summary>What a service does with one of the torture messages.</summary>
/// <param name="File">Collection and name: <c>rfc4475/wsinv</c>.</param>
/// <param name="Clause">Section of that RFC.</param>
/// <param name="Over">Final statuses over UDP, in order: "481", "call" where the call reaches whoever answers calls, "" where nothing is said.</param>
/// <param name="Why">What the RFC says, or leaves open, and what is done here.</param>
internal sealed record TortureCase(string File, string Clause, string Over, string Why)
{
    /// <summary>"call": the service has the call, and what it says to it is the service's business.</summary>
    public const string Call = "call";

    /// <summary>Where a stream changes it: there only Content-Length tells where a message ends.</summary>
    public string? OverTcp { get; init; }

    /// <summary>A line that the answer must have.</summary>
    public string? Says { get; init; }

    /// <param name="tcp">Over TCP, not UDP.</param>
    /// <param name="answerToCalls">What the service says to calls.</param>
    public string[] Statuses(bool tcp, string answerToCalls) =>
        [.. ((tcp ? OverTcp : null) ?? Over).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(status => status == Call ? answerToCalls : status)];

    public byte[] Read() => TortureCorpus.Read(File.Split('/')[0], File.Split('/')[1]);

    public override string ToString() => File;
}
