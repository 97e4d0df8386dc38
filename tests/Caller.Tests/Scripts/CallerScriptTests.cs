using System.Text;

namespace VoiceGateway.Caller.Tests;

public sealed class CallerScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CallerScriptTests() => _folder.Wav("x.wav", Pcm.Tone(440, 200), 8000);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryLoad_EveryStep_IsRead()
    {
        var path = _folder.Text("script.json", """
            {
              // A caller who knows what they want.
              "steps": [
                { "listen": true },
                { "listen": { "silence": "1s", "timeout": "5s", "optional": true } },
                { "say": "x.wav", "text": "A table for two." },
                { "interrupt": { "after": "1200ms", "say": "x.wav", "text": "No, for three." } },
                { "dtmf": "12#" },
                { "wait": "2s" },
                { "tone": { "hz": 440, "ms": 500 } },
                { "awaitBye": "10s" },
                { "hangUp": true },
              ],
              "repeat": false
            }
            """);

        Assert.True(CallerScript.TryLoad(path, out var script, out var error), error);

        Assert.Equal(9, script!.Steps.Count);
        Assert.Equal(new ListenStep(), script.Steps[0]);
        Assert.Equal(new ListenStep { Silence = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(5), Optional = true }, script.Steps[1]);
        var say = Assert.IsType<SayStep>(script.Steps[2]);
        Assert.Equal("A table for two.", say.Text);
        var interrupt = Assert.IsType<InterruptStep>(script.Steps[3]);
        Assert.Equal(TimeSpan.FromMilliseconds(1200), interrupt.After);
        Assert.Equal("No, for three.", interrupt.Text);
        Assert.Same(say.Audio, interrupt.Audio);
        Assert.Equal(new DtmfStep("12#"), script.Steps[4]);
        Assert.Equal(new WaitStep(TimeSpan.FromSeconds(2)), script.Steps[5]);
        Assert.Equal(new ToneStep(440, TimeSpan.FromMilliseconds(500)), script.Steps[6]);
        Assert.Equal(new AwaitByeStep(TimeSpan.FromSeconds(10)), script.Steps[7]);
        Assert.IsType<HangUpStep>(script.Steps[8]);
    }

    [Fact]
    public void TryParse_BareList_IsAScript()
    {
        Assert.True(CallerScript.TryParse("""[{ "wait": "1s" }]"""u8, _folder.Path, out var script, out _));
        Assert.Equal(new WaitStep(TimeSpan.FromSeconds(1)), Assert.Single(script!.Steps));
    }

    [Theory]
    [InlineData("[", "line 1", "not JSON")]
    [InlineData("[]", "steps", "none")]
    [InlineData("{}", "script", "\"steps\" is missing")]
    [InlineData("""{"steps":[{"wait":"1s"}],"loop":true}""", "script", "\"loop\" is not known")]
    [InlineData("""{"steps":5}""", "steps", "not a list of steps")]
    [InlineData("""[5]""", "steps[0]", "not an object")]
    [InlineData("""[{"text":"hi"}]""", "steps[0]", "has none")]
    [InlineData("""[{"wait":"1s","dtmf":"1"}]""", "steps[0]", "dtmf and wait")]
    [InlineData("""[{"shout":"x.wav"}]""", "steps[0]", "\"shout\" is not known")]
    [InlineData("""[{"wait":"1s"},{"wait":"soon"}]""", "steps[1].wait", "\"soon\" is not a duration")]
    [InlineData("""[{"wait":2}]""", "steps[0].wait", "2 is not a duration")]
    [InlineData("""[{"wait":"1s","text":"hi"}]""", "steps[0].text", "not wait")]
    [InlineData("""[{"listen":"yes"}]""", "steps[0].listen", "is not true")]
    [InlineData("""[{"listen":{"for":"1s"}}]""", "steps[0].listen", "silence, timeout, optional")]
    [InlineData("""[{"say":"none.wav"}]""", "steps[0].say", "none.wav")]
    [InlineData("""[{"say":"broken.wav"}]""", "steps[0].say", "broken.wav")]
    [InlineData("""[{"say":7}]""", "steps[0].say", "7 is not text")]
    [InlineData("""[{"interrupt":{"say":"x.wav"}}]""", "steps[0].interrupt", "\"after\" is missing")]
    [InlineData("""[{"dtmf":"12x"}]""", "steps[0].dtmf", "keys of a telephone")]
    [InlineData("""[{"dtmf":""}]""", "steps[0].dtmf", "keys of a telephone")]
    [InlineData("""[{"tone":{"hz":4000,"ms":100}}]""", "steps[0].tone.hz", "between 50 and 3900 Hz")]
    [InlineData("""[{"tone":{"hz":440,"ms":1}}]""", "steps[0].tone.ms", "between 20 and 600000 ms")]
    [InlineData("""[{"hangUp":false}]""", "steps[0].hangUp", "is not true")]
    [InlineData("""[{"hangUp":true},{"wait":"1s"}]""", "steps[1]", "after hangUp")]
    public void TryParse_Wrong_SaysWhereAndWhat(string json, string where, string what)
    {
        _folder.Text("broken.wav", "RIFFnothing");

        Assert.False(CallerScript.TryParse(Encoding.UTF8.GetBytes(json), _folder.Path, out _, out var error));

        Assert.StartsWith(where + ":", error, StringComparison.Ordinal);
        Assert.Contains(what, error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryLoad_NoSuchFile_SaysSo()
    {
        Assert.False(CallerScript.TryLoad(_folder.File("none.json"), out _, out var error));
        Assert.Contains("none.json", error, StringComparison.Ordinal);
    }
}
