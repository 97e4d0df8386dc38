namespace VoiceGateway.Caller;

/// <summary>Counts every gap and keeps the first few hundred; one that comes again and again must not fill the memory.</summary>
internal sealed class GapLog
{
    private const int Kept = 500;
    private readonly List<Gap> _gaps = [];
    private readonly int[] _counts = new int[Enum.GetValues<GapKind>().Length];

    public IReadOnlyList<Gap> Gaps => _gaps;

    public int Count(GapKind kind) => _counts[(int)kind];

    public void Add(GapKind kind, double atMs, double durationMs)
    {
        _counts[(int)kind]++;
        if (_gaps.Count < Kept) _gaps.Add(new Gap(kind, Math.Round(atMs, 1), Math.Round(durationMs, 1)));
    }
}
