using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace VoiceGateway.SipLoad;

/// <param name="LoadAverage">Of the machine before the run.</param>
/// <param name="Rows">Everything that was placed.</param>
/// <param name="Memory">Of the bare endpoint in the long run.</param>
/// <param name="AfterIdle">The bare endpoint 40 s after the last call.</param>
/// <param name="CpuUsPerCall">Of the bare endpoint in the long run.</param>
/// <param name="MaxTransactions">Its limit.</param>
internal sealed record SipLoadResult(double LoadAverage, IReadOnlyList<CallResult> Rows, IReadOnlyList<MemorySample> Memory, EndpointStatus AfterIdle, double CpuUsPerCall, int MaxTransactions)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private IEnumerable<CallResult> Bare => Rows.Where(static row => row.Against == SipLoadRun.BareName && row.Rate > 0);

    public bool IsQuiet => LoadAverage < SipLoadOptions.QuietLoad;

    /// <summary>Every call of the bare endpoint answered, the delay within its bound, the list of transactions never full, and the memory as it was.</summary>
    public bool Passed => Bare.All(static row => row.Failed == 0 && row.P50Ms <= SipLoadOptions.MostSetupMs) && AfterIdle is { OverloadRejected: 0, Faults: 0 }
        && AfterIdle.MostTransactions < MaxTransactions && (!JudgesMemory || GrowthMb < 16);

    /// <summary>Transactions linger for 32 s: before that, more is held with every call.</summary>
    private bool JudgesMemory => Memory.Count > 2 && Memory[Memory.Count / 2].Calls > 40 * SipLoadOptions.LongRunRate;

    /// <summary>Resident memory from the moment at which as many transactions linger as ever will, to the end.</summary>
    public double GrowthMb => Memory.Count > 2 ? Memory[^1].RssMb - Memory[Memory.Count / 2].RssMb : 0;

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # SIP under load

            `make sip-load`: short calls (INVITE, 200, ACK, BYE) over UDP on one machine ({Environment.ProcessorCount} cores, {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}),
            callee and caller each a process of its own. "Bare" is a `SipEndpoint` whose handler answers at once; "gateway" is the whole of it, with the embedded simulator: as
            it ships it rings until the agent's first words are ready, "at once" it does not wait for them. "Ours" is `SipEndpoint` as the caller; the time is taken around `CallAsync`,
            the caller's own half included. sipp's clock has coarse steps, on most machines of 4 ms: 0 is less than one.
            {(IsQuiet ? "" : string.Create(CultureInfo.InvariantCulture, $"\n**The machine was not quiet (load {LoadAverage:F1} before the run): times are to be taken again by `make sip-load`.**\n"))}
            | against | calls from | asked a second | calls | failed | answered a second | transactions a second | INVITE to 200 p50 | p99 | most |
            |---|---|---|---|---|---|---|---|---|---|

            """);
        foreach (var row in Rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {row.Against} | {row.Generator} | {(row.Rate == 0 ? "as many as go" : row.Rate.ToString(CultureInfo.InvariantCulture))} | {row.Calls} | {row.Failed} | {row.CallsPerSecond:F0} | {row.TransactionsPerSecond:F0} | {row.P50Ms:F2} ms | {row.P99Ms:F2} ms | {row.MaxMs:F0} ms |");
        }

        text.Append(CultureInfo.InvariantCulture, $"""

            The bare endpoint in the long run: {CpuUsPerCall:F0} µs of CPU a call; at most {AfterIdle.MostTransactions} transactions held (of {MaxTransactions}: after UDP each lingers 32 s), {AfterIdle.OverloadRejected} refused,
            {AfterIdle.Retransmissions} repetitions, {AfterIdle.Faults} faults. Once all had gone and 40 s had passed: {AfterIdle.ActiveCalls} calls, {AfterIdle.ActiveTransactions} transactions.

            | calls so far | transactions held | heap | resident |
            |---|---|---|---|

            """);
        foreach (var sample in Memory)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {sample.Calls} | {sample.Transactions} | {sample.HeapMb:F0} MB | {sample.RssMb:F0} MB |");
        text.AppendLine(JudgesMemory
            ? string.Create(CultureInfo.InvariantCulture, $"\nGrowth of the resident memory over the second half: {GrowthMb:F1} MB.")
            : "\nThis run was too short to judge the memory by: until 32 s have passed, every call leaves two transactions behind.");
        return text.ToString();
    }
}
