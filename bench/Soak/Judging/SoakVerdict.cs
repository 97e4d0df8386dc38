using System.Globalization;
using VoiceGateway.Admin;
using VoiceGateway.Records;

namespace VoiceGateway.Soak;

/// <summary>What came of a run.</summary>
internal sealed record SoakVerdict
{
    public const double MostMissingAtRotationMs = 40;

    public required IReadOnlyList<SoakCall> Calls { get; init; }

    /// <summary>The gateway's, by the caller's number.</summary>
    public required IReadOnlyDictionary<string, CallView> Records { get; init; }

    public required IReadOnlyList<LineVerdict> Lines { get; init; }

    public required ToolVerdict Tools { get; init; }

    public required IReadOnlyList<DoneFault> Faults { get; init; }

    public IEnumerable<Hole> Holes => Lines.SelectMany(static l => l.Holes);

    public IEnumerable<LinkEntry> Links => Records.Values.SelectMany(static r => r.Link);

    /// <summary>Whether memory is flat is for those to say who watched it.</summary>
    public IReadOnlyList<Criterion> Criteria
    {
        get
        {
            var lost = Calls.Where(static c => !c.RanToItsEnd).ToList();
            var ended = Records.Values.GroupBy(static r => r.EndReason ?? "running").Select(static g => $"{g.Key} {g.Count()}");
            var rotations = Lines.SelectMany(static l => l.RotationsMissingMs).ToList();
            var words = Holes.Where(static h => h.IsWord).ToList();
            return
            [
                new("no call is lost", lost.Count == 0 && Records.Count == Calls.Count && Records.Values.All(static r => r.EndReason == "caller_hung_up"),
                    lost.Count == 0 ? string.Join(", ", ended) : string.Join("; ", lost.Select(static c => $"call {c.Index}: {c.Report?.Outcome} {c.Report?.Reason}"))),
                new("no word of a caller's is lost", Lines.Count == Calls.Count && words.Count == 0,
                    Text($"{words.Count} holes with speech, {Lines.Sum(static l => l.VoicedLostSeconds):F2} s of {Lines.Sum(static l => l.VoicedSeconds):F0} s spoken")),
                new("no word that a model forgot with its connection is not said again", Lines.Sum(static l => l.ForgottenWords.Count) == 0,
                    Text($"{Lines.Sum(static l => l.ForgottenWords.Count)} places, {Lines.Sum(static l => l.ForgottenSeconds):F2} s")),
                new("at most 40 ms of a caller's audio, silence included, is missing at a rotation",
                    rotations.Count > 0 && rotations.TrueForAll(static r => r <= MostMissingAtRotationMs),
                    Text($"{rotations.Count} rotations, at most {rotations.DefaultIfEmpty().Max():F0} ms")),
                new("every function call is answered once", Tools is { Unanswered: 0, AnsweredTwice: 0, Asked: > 0 },
                    $"{Tools.Asked} asked, {Tools.Answered} answered, {Tools.Cancelled} cancelled and {Tools.LeftBehind} left behind by their connections, {Tools.Unanswered} unanswered, {Tools.AnsweredTwice} answered twice ({Tools.Repeated} that were asked twice)"),
                new("every wish is carried out once", Tools is { ExecutedTwice: 0, NeverExecuted: 0, Executed: > 0 },
                    $"{Tools.Wishes} wishes, {Tools.Executed} carried out once, {Tools.ExecutedTwice} twice, {Tools.NeverExecuted} never"),
            ];
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
