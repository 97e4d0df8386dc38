using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace VoiceGateway.Sip.Tests.Fuzz;

/// <summary>
/// Random peers against an endpoint whose time stands still: its tables keep to their caps, everything received is counted once, nothing
/// of ours is malformed, and when the peers have gone and time has passed, nothing is left.
/// </summary>
public sealed class TransactionFuzzTests(ITestOutputHelper log)
{
    private const int StepsEach = 25;

    [Fact]
    public void Endpoint_RandomMessages_KeepsToItsCapsAndForgetsThemAll()
    {
        Dictionary<SipCounter, long> seen = [];
        FuzzRun.Try(10, Sequences(), steps =>
        {
            var run = new TransactionFuzzRun();
            try
            {
                run.Play(steps);
                foreach (var (counter, value) in run.Finish())
                    seen[counter] = seen.GetValueOrDefault(counter) + value;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(run.Diary, e);
            }
        }, log, StepsEach);

        log.WriteLine(string.Join(", ", seen.Where(pair => pair.Value > 0).Select(pair => $"{pair.Key} {pair.Value}")));
        SipCounter[] reached =
        [
            SipCounter.IncomingCalls, SipCounter.OutgoingCalls, SipCounter.RequestRetransmissionsAbsorbed, SipCounter.RequestsWithoutDialog, SipCounter.MergedRequests,
            SipCounter.ResponsesUnmatched, SipCounter.AcksUnmatched, SipCounter.CancelsUnmatched, SipCounter.OverloadRejected, SipCounter.CallsWithoutAck,
        ];
        Assert.All(reached, counter => Assert.True(seen[counter] > 0, $"{counter} was never counted"));
    }

    private static Arbitrary<int[]> Sequences() => Arb.From(
        Gen.Choose(0, int.MaxValue - 1).ArrayOf(StepsEach),
        static steps => Enumerable.Range(0, steps.Length).Select(left => (int[])[.. steps.Where((_, i) => i != left)]));
}
