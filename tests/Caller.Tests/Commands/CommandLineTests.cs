using System.CommandLine;
using System.Text.Json;
using VoiceGateway.Codecs;

namespace VoiceGateway.Caller.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _wav;

    public CommandLineTests() => _wav = _folder.Wav("a.wav", Pcm.Tone(600, 300), 8000);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("call", "target")]
    [InlineData("call nonsense", "\"nonsense\" is not a SIP URI")]
    [InlineData("call http://127.0.0.1/", "is not a SIP URI")]
    [InlineData("call sip:100@127.0.0.1:9 --codec opus", "--codec: \"opus\" is none of g722, alaw, mulaw")]
    [InlineData("call sip:100@127.0.0.1:9 --say none.wav", "none.wav")]
    [InlineData("call sip:100@127.0.0.1:9 --turn-silence 700", "--turn-silence: \"700\" is not a duration")]
    [InlineData("call sip:100@127.0.0.1:9 --dtmf xyz", "--dtmf")]
    [InlineData("call sip:100@127.0.0.1:9 --script none.json", "none.json")]
    [InlineData("call sip:100@127.0.0.1:9 --report no/such/folder/report.json", "--report: there is no folder")]
    [InlineData("call sip:100@127.0.0.1:9 --wibble", "--wibble")]
    [InlineData("call sip:100@127.0.0.1:9 --say A.WAV --say", "--say needs a value")]
    [InlineData("call sip:100@127.0.0.1:9 --script x.json --say A.WAV", "exclude each other")]
    [InlineData("load sip:100@127.0.0.1:9 --calls 5", "--say or --script")]
    [InlineData("load sip:100@127.0.0.1:9 --calls none", "--calls: \"none\" is not a whole number above 0")]
    [InlineData("load sip:100@127.0.0.1:9", "--calls")]
    [InlineData("load sip:100@127.0.0.1:9 --calls 5 --rate 0 --say x.wav", "--rate")]
    [InlineData("load sip:100@127.0.0.1:9 --calls 5 --say A.WAV --watch-pid 2147483647", "there is no process 2147483647")]
    public async Task Run_BadUsage_IsOneLineAndTwo(string arguments, string expected)
    {
        var (code, _, error) = await RunAsync(arguments.Replace("A.WAV", _wav, StringComparison.Ordinal).Split(' '));

        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.StartsWith("caller: ", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Run_Refused_IsOneLineAndOne()
    {
        await using var peer = await AnsweringPeer.StartAsync(new AgentBehaviour { RefuseWith = 486 });

        var (code, _, error) = await RunAsync("call", peer.Uri.ToString());

        Assert.Equal(1, code);
        Assert.StartsWith("caller: refused: 486", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Run_Call_WritesRecordingsAndReport()
    {
        await using var peer = await AnsweringPeer.StartAsync(new AgentBehaviour { ToneHz = 1000 });

        var (code, output, error) = await RunAsync(
            "call", peer.Uri.ToString(), "--say", _wav, "--text", "good day",
            "--record", _folder.File("heard.wav"), "--record-stereo", _folder.File("both.wav"), "--report", _folder.File("report.json"));

        Assert.True(code == 0, error);
        Assert.Contains("good day", output, StringComparison.Ordinal);
        var heard = WavReader.Read(_folder.File("heard.wav"));
        Assert.Equal((8000, 1), (heard.SampleRateHz, heard.Channels));
        var both = WavReader.Read(_folder.File("both.wav"));
        Assert.Equal((8000, 2), (both.SampleRateHz, both.Channels));
        Assert.Equal(heard.Samples.Length * 2, both.Samples.Length);
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.File("report.json")));
        Assert.Equal("HungUp", report.RootElement.GetProperty("outcome").GetString());
        Assert.True(report.RootElement.GetProperty("turns")[1].GetProperty("latencyMs").GetDouble() > 0);
        Assert.False(report.RootElement.TryGetProperty("recording", out _));
    }

    [Fact]
    public async Task Run_Load_WritesAReport()
    {
        await using var peer = await AnsweringPeer.StartAsync();

        var (code, output, error) = await RunAsync(
            "load", peer.Uri.ToString(), "--calls", "3", "--rate", "20", "--duration", "2s", "--say", _wav, "--report", _folder.File("load.json"));

        Assert.True(code == 0, error);
        Assert.Contains("3 of 3 calls answered", output, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.File("load.json")));
        Assert.Equal(3, report.RootElement.GetProperty("callsAnswered").GetInt32());
        Assert.True(report.RootElement.GetProperty("interArrivalMs").GetProperty("p999").GetDouble() > 0);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new RootCommand { CallCommand.Create(), LoadCommand.Create() };
        var code = await CommandLine.RunAsync(root, arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
