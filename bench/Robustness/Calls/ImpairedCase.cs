using VoiceGateway.Caller;

namespace VoiceGateway.Robustness;

/// <param name="Name">As the report calls it.</param>
/// <param name="Codec">What the caller speaks.</param>
/// <param name="Network">What happens to it on its way.</param>
internal sealed record ImpairedCase(string Name, CallerCodec Codec, Impairments Network)
{
    public bool IsWide => Codec == CallerCodec.G722;

    /// <summary>The same in the words of netem(8); null where it knows no such thing.</summary>
    public string? ForNetem
    {
        get
        {
            if (Network.DriftPpm != 0 || Network.NewStreamEvery > TimeSpan.Zero || Network.TimestampLeapEvery > TimeSpan.Zero || Network.StrangerPackets > 0 || Network.KeepOrder) return null;
            var words = new List<string>();
            // Evenly around the middle, as our own.
            if (Network.Jitter > TimeSpan.Zero) words.Add($"delay {Network.Jitter.TotalMilliseconds / 2:F0}ms {Network.Jitter.TotalMilliseconds / 2:F0}ms");
            // Those that are not sent at once take the longer way there: the others overtake them.
            else if (Network.ReorderPercent > 0) words.Add($"delay {Network.Detour.TotalMilliseconds:F0}ms reorder {100 - Network.ReorderPercent:F1}%");
            if (Network.LossPercent > 0)
                words.Add(Network.BurstPackets <= 1
                    ? $"loss {Network.LossPercent:F1}%"
                    : $"loss gemodel {Network.LossPercent / (100 - Network.LossPercent) / Network.BurstPackets * 100:F2}% {100 / Network.BurstPackets:F1}% 100% 0%");
            if (Network.DuplicatePercent > 0) words.Add($"duplicate {Network.DuplicatePercent:F1}%");
            return words.Count == 0 ? null : string.Join(' ', words);
        }
    }
}
