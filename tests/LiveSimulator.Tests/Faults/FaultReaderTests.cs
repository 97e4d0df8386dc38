namespace VoiceGateway.LiveSimulator.Tests.Faults;

public sealed class FaultReaderTests
{
    [Fact]
    public void Kinds_EveryOne_IsReadFromWhatItIsWrittenAs()
    {
        Assert.True(Fault.Kinds.Count >= 35);
        Assert.Equal(Fault.Kinds.Count, Fault.Kinds.Select(static kind => kind.Name).Distinct().Count());
        foreach (var kind in Fault.Kinds)
        {
            Assert.Equal(kind.Normal, Fault.Parse(kind.Normal.ToString()));
            Assert.Equal(kind.Normal, Fault.Parse(kind.Name));
            Assert.Equal(kind.Normal, Fault.Parse($"\"{kind.Name}\""));
            Assert.EndsWith(".", kind.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Parse_SettingsInEveryForm_AreTaken()
    {
        Assert.Equal(new Fault.Close { Code = 1013, Reason = "Later." }, Fault.Parse("""{"kind":"close","code":1013,"reason":"Later."}"""));
        Assert.Equal(new Fault.Close { Code = 1008 }, Fault.Parse("close:1008"));
        Assert.Equal(new Fault.GoAway { TimeLeft = TimeSpan.FromMilliseconds(2500) }, Fault.Parse("goAway:2.5s"));
        Assert.Equal(new Fault.Drop { How = DropStyle.Fin }, Fault.Parse("drop:fin"));
        Assert.Equal(new Fault.Silence { Until = StallEnd.Reconnect, Times = 3 }, Fault.Parse("""{"kind":"silence","until":"reconnect","times":3,}"""));
        Assert.Equal(new Fault.Slow { Speed = 0.25 }, Fault.Parse("slow:0.25"));
        Assert.Equal(new Fault.DelayPongs { By = TimeSpan.FromMinutes(2), Times = 1 }, Fault.Parse("""{"kind":"delayPongs","by":"2m","times":1}"""));
        Assert.Equal(new Fault.Burst { OneMessage = true }, Fault.Parse("burst:true"));
    }

    [Theory]
    [InlineData("""{"kind":"explode"}""", "$.kind: there is no fault \"explode\"; known are goAway, drop,")]
    [InlineData("""{"code":1011}""", "$: \"kind\" is missing")]
    [InlineData("""{"kind":"close","cod":1011}""", "$: unknown member \"cod\"; known are kind, code, reason")]
    [InlineData("""{"kind":"close","code":99}""", "$.code: must be between 1000 and 4999, not 99")]
    [InlineData("""{"kind":"close","code":"1011"}""", "$.code: must be a number")]
    [InlineData("""{"kind":"close","code":1006}""", "$: 1006 is never sent")]
    [InlineData("""{"kind":"goAway","timeLeft":10}""", "$.timeLeft: must be a time such as")]
    [InlineData("""{"kind":"goAway","timeLeft":"-1s"}""", "$.timeLeft: must be a time such as")]
    [InlineData("""{"kind":"drop","how":"gently"}""", "$.how: must be one of reset, fin")]
    [InlineData("""{"kind":"burst","oneMessage":1}""", "$.oneMessage: must be true or false")]
    [InlineData("""{"kind":"missingIds","times":-1}""", "$.times: must be between 0 and 1000")]
    [InlineData("drop:gently", "$ (how): must be one of reset, fin")]
    [InlineData("close:x", "$: \"x\" is no code")]
    [InlineData("deafAndDumb:x", "$: deafAndDumb has no settings")]
    [InlineData("{\n oops", "line 2")]
    public void Parse_Mistake_NamesThePlace(string json, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<ScenarioException>(() => Fault.Parse(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"faults":[{"kind":"drop","at":"noon"}]}""", "$.faults[0].at: must be one of connect, setup, second:30, every:60s and turn:2, not \"noon\"")]
    [InlineData("""{"faults":[{"kind":"drop","at":"turn:0"}]}""", "$.faults[0].at: must be one of")]
    [InlineData("""{"faults":[{"kind":"drop","at":"every:0s"}]}""", "$.faults[0].at: must be more than nothing")]
    [InlineData("""{"faults":["drop",{"kind":"refuse","at":"second:3"}]}""", "$.faults[1]: refuse is met while connecting")]
    [InlineData("""{"faults":[{"kind":"drop","connections":0}]}""", "$.faults[0].connections: must be between 1 and")]
    [InlineData("""{"faults":[{"randomEvery":"30s","from":["drop",{"kind":"close","code":5}]}]}""", "$.faults[0].from[1].code: must be between")]
    [InlineData("""{"faults":[{"randomEvery":"30s","from":[]}]}""", "$.faults[0]: There must be something to draw from")]
    [InlineData("""{"faults":[{"randomEvery":"30s","from":["quota"]}]}""", "$.faults[0]: quota is met while connecting")]
    [InlineData("""{"faults":[{"goAwayEvery":"x"}]}""", "$.faults[0].goAwayEvery: must be a time")]
    [InlineData("""{"faults":[5]}""", "$.faults[0]: must be a fault")]
    [InlineData("""{"turns":[{"steps":[{"fault":"refuse"}]}]}""", "$.turns[0].steps[0].fault: this fault is met while connecting")]
    [InlineData("""{"turns":[{"steps":[{"fault":{"kind":"drought","pause":3}}]}]}""", "$.turns[0].steps[0].fault.pause: must be a time")]
    public void Scenario_MistakeInAFault_NamesThePlace(string json, string expected) =>
        Assert.StartsWith("my.json: " + expected, Assert.Throws<ScenarioException>(() => Scenario.Parse(json, "my.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_ListInAFile_OrInline_OrShort()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """[ "drop", { "goAwayEvery": "60s", "timeLeft": "10s" }, /* and */ { "randomEvery": "30s", "from": [ "close:1011" ], "seed": 7 } ]""");
            var loaded = ArmedFault.Load(path);

            Assert.Equal(["second:0", "every:60s", "every:30s"], loaded.Select(static each => each.At.ToString()));
            Assert.Equal(new Fault.GoAway(), loaded[1].From[0]);
            Assert.True(loaded[2] is { IsRandom: true, Seed: 7 });
            Assert.Equal(FaultMoment.Turn(2), Assert.Single(ArmedFault.Load("""{"kind":"missingIds","at":"turn:2"}""")).At);
            Assert.Equal(FaultMoment.Connect, Assert.Single(ArmedFault.Load("delayPongs:30s")).At);
            File.WriteAllText(path, "[ 1 ]");
            Assert.StartsWith($"{path}: $[0]: ", Assert.Throws<ScenarioException>(() => ArmedFault.Load(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
