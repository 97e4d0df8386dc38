using System.CommandLine;
using System.Globalization;

namespace VoiceGateway.Caller;

/// <summary>The options of <c>caller call</c> that make the network bad for what the caller sends.</summary>
internal sealed class ImpairmentOptions
{
    private readonly Option<double> _loss = Number("--loss", "percent", "Lose so many of the caller's packets");
    private readonly Option<double> _burst = Number("--burst", "packets", "Lose them in bursts of so many on average", 1);
    private readonly DurationOption _jitter = new("--jitter", "Delay each packet by up to this", "0ms");
    private readonly Option<bool> _inOrder = new("--in-order") { Description = "A late packet holds up those behind it; otherwise they overtake it" };
    private readonly Option<double> _reorder = Number("--reorder", "percent", "Send so many packets a way that is 50 ms longer");
    private readonly Option<double> _duplicate = Number("--duplicate", "percent", "Send so many packets twice");
    private readonly Option<double> _drift = Number("--drift", "ppm", "Run the caller's clock slower by so many millionths; below 0: faster");
    private readonly DurationOption _newStream = new("--new-stream", "Begin a new RTP stream this often, with another SSRC; 0ms: never", "0ms");
    private readonly Option<double> _stranger = Number("--stranger", "packets", "Have somebody else send so many packets a second to the same port");
    private readonly Option<double> _seed = Number("--seed", "number", "The same number, the same fate of every packet", 1);

    public IEnumerable<Option> All => [_loss, _burst, _jitter, _inOrder, _reorder, _duplicate, _drift, _newStream, _stranger, _seed];

    /// <returns>Null, and what is wrong.</returns>
    public Impairments? Of(ParseResult arguments, out string? error)
    {
        var impairments = new Impairments
        {
            LossPercent = arguments.GetValue(_loss),
            BurstPackets = arguments.GetValue(_burst),
            Jitter = _jitter.Of(arguments),
            KeepOrder = arguments.GetValue(_inOrder),
            ReorderPercent = arguments.GetValue(_reorder),
            DuplicatePercent = arguments.GetValue(_duplicate),
            DriftPpm = arguments.GetValue(_drift),
            NewStreamEvery = _newStream.Of(arguments),
            StrangerPackets = arguments.GetValue(_stranger),
            Seed = (int)arguments.GetValue(_seed),
        };
        try
        {
            _ = new PacketFates(impairments);
            error = null;
            return impairments;
        }
        catch (ArgumentOutOfRangeException e)
        {
            error = e.Message.ReplaceLineEndings(" ");
            return null;
        }
    }

    private static Option<double> Number(string name, string unit, string description, double initially = 0) => new(name)
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{description} ({initially} when left out)"),
        HelpName = unit,
        DefaultValueFactory = _ => initially,
    };
}
