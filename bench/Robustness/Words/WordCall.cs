using VoiceGateway.Caller;
using VoiceGateway.Codecs.Tests;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Sip;

namespace VoiceGateway.Robustness;

/// <summary>A call in which some of the recorded sentences are said over a bad network.</summary>
/// <param name="Case">The network.</param>
/// <param name="Line">The same network with other losses, and packets that lie otherwise.</param>
/// <param name="Part">Which of the sentences.</param>
internal sealed record WordCall(ImpairedCase Case, int Line, int Part)
{
    // Five sentences and 24 s each.
    private const int Parts = 4;

    /// <summary>So many lines on which all sentences are said, each in several calls; line by line, in the order of the sentences.</summary>
    public static IEnumerable<WordCall> Of(ImpairedCase network, int lines) =>
        Enumerable.Range(0, lines).SelectMany(line => Enumerable.Range(0, Parts).Select(part => new WordCall(network, line, part)));

    /// <param name="phone">Places it.</param>
    /// <param name="simulator">Hears it; must capture.</param>
    /// <param name="target">The gateway.</param>
    /// <param name="number">The caller's, different for every call.</param>
    public async Task<HeardSentences> RunAsync(Softphone phone, LiveSimulatorServer simulator, SipUri target, string number)
    {
        var each = Sentences.Recordings.Length / Parts;
        var said = new SpokenSentences(Sentences.Recordings.Skip(Part * each).Take(each), Line);
        var network = Case with { Network = Case.Network with { Seed = 1 + Line * Parts + Part } };
        var call = await ImpairedCall.RunAsync(phone, simulator, target, number, network, said.Clip);
        return await Task.Run(() => new HeardSentences(Case, said.Cut(call.Sent, call.Heard), Case.Network.LossPercent > 0 ? said.Cut(call.WithZeros!) : []));
    }
}
