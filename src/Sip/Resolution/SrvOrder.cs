namespace VoiceGateway.Sip;

/// <summary>
/// The order in which SRV targets are tried (RFC 2782): by priority, and within one by lot, each with a chance in
/// proportion to its weight, so that many callers spread as the owner of the records wants them to.
/// </summary>
internal static class SrvOrder
{
    /// <param name="records">All of one answer.</param>
    /// <param name="random">A number from 0 to below its argument.</param>
    public static List<DnsServiceRecord> Of(IEnumerable<DnsServiceRecord> records, Func<int, int> random)
    {
        List<DnsServiceRecord> ordered = [];
        foreach (var group in records.GroupBy(record => record.Priority).OrderBy(group => group.Key))
        {
            // Those of weight 0 come first in the running sum, which leaves them a small chance.
            var left = group.OrderBy(record => record.Weight != 0).ToList();
            while (left.Count > 0)
            {
                int drawn = random(left.Sum(record => record.Weight) + 1);
                int sum = 0;
                int index = left.FindIndex(record => (sum += record.Weight) >= drawn);
                ordered.Add(left[index]);
                left.RemoveAt(index);
            }
        }

        return ordered;
    }
}
