namespace VoiceGateway.LiveSimulator.Tests.Scenarios;

public sealed class ScenarioTests
{
    [Theory]
    [InlineData("""[]""", "$: must be an object")]
    [InlineData("""{"turn":[]}""", "$: unknown member \"turn\"")]
    [InlineData("""{"turns":[{"caller":"x"}]}""", "$.turns[0]: \"steps\" is missing")]
    [InlineData("""{"turns":[{"steps":[{"say":{"text":5}}]}]}""", "$.turns[0].steps[0].say.text: must be a text")]
    [InlineData("""{"turns":[{"steps":[{"say":{"text":"x","voice":"tenor"}}]}]}""", "$.turns[0].steps[0].say.voice: there is no built-in voice \"tenor\"")]
    [InlineData("""{"turns":[{"steps":[{"say":{"text":"x","voice":"none.wav"}}]}]}""", "$.turns[0].steps[0].say.voice: ")]
    [InlineData("""{"turns":[{"steps":[{}]}]}""", "$.turns[0].steps[0]: a step has exactly one of say, tone")]
    [InlineData("""{"turns":[{"steps":[{"shout":"x"}]}]}""", "$.turns[0].steps[0]: unknown member \"shout\"")]
    [InlineData("""{"turns":[{"steps":[{"tone":{"frequencyHz":5,"milliseconds":100}}]}]}""", "frequencyHz: must be between 20 and 11000")]
    [InlineData("""{"turns":[{"steps":[{"wait":{"milliseconds":1.5}}]}]}""", "milliseconds: must be a whole number")]
    [InlineData("""{"turns":[{"steps":[{"callTools":[]}]}]}""", "callTools: must not be empty")]
    [InlineData("""{"turns":[{"steps":[{"callTools":[{"name":"f","args":{"a":["{{date:someday}}"]}}]}]}]}""", "$.turns[0].steps[0].callTools[0].args.a[0]: {{date:someday}} is not known")]
    [InlineData("""{"turns":[{"steps":[{"branch":{"on":"f","cases":[{"path":"x","steps":[]}]}}]}]}""", "cases[0]: a case has")]
    [InlineData("""{"turns":[{"steps":[{"goTo":"nowhere"}]}]}""", "$.turns[0].steps[0].goTo: no turn is called \"nowhere\"")]
    [InlineData("""{"turns":[{"id":"a","steps":[]},{"id":"a","steps":[]}]}""", "two turns are called \"a\"")]
    [InlineData("""{"onText":[{"match":"(","steps":[]}]}""", "$.onText[0].match: not a usable regular expression")]
    [InlineData("""{"loop":true}""", "\"loop\" needs at least one turn")]
    [InlineData("""{"delivery":{"turnComplete":"never"}}""", "$.delivery.turnComplete: must be one of afterPlayback, atOnce")]
    [InlineData("""{"delivery":{"smallestChunkBytes":100,"largestChunkBytes":10}}""", "$.delivery: ")]
    [InlineData("""{"wire":{"indented":1}}""", "$.wire.indented: must be true or false")]
    [InlineData("{\n \"name\": oops }", "line 2")]
    [InlineData("""{"name":"a","name":"b"}""", "name")]
    public void Parse_Mistake_NamesFileAndPlace(string json, string expected)
    {
        var fault = Assert.Throws<ScenarioException>(() => Scenario.Parse(json, "my.json"));

        Assert.StartsWith("my.json: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NeitherFileNorBuiltIn_SaysWhatThereIs() =>
        Assert.Contains("book-a-table", Assert.Throws<ScenarioException>(() => Scenario.Load("nowhere.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_FileWithItsOwnVoice_IsReadRelativeToTheFile()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            using (var wav = File.Create(Path.Combine(folder.FullName, "hello.wav")))
            using (var recorded = VoiceLibrary.Lines[0].Open())
                recorded.CopyTo(wav);
            var path = Path.Combine(folder.FullName, "mine.json");
            File.WriteAllText(path, """{ /* comments are fine */ "greeting": [ { "say": { "text": "Hello", "voice": "hello.wav" } } ], }""");

            var scenario = Scenario.Load(path);

            Assert.Equal("mine", scenario.Name);
            var say = Assert.IsType<SayStep>(Assert.Single(scenario.Greeting));
            Assert.Equal(VoiceLibrary.Named("greeting")!.Pcm.Length, say.Audio.Pcm.Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Parse_EmptyScenario_IsNeverSilent()
    {
        var scenario = Scenario.Parse("{}");

        Assert.IsType<SayStep>(Assert.Single(scenario.Otherwise.Steps));
    }

    [Fact]
    public void BuiltIn_EveryScenario_SpeaksWithRecordedVoicesOnly()
    {
        Assert.Contains(Scenario.DefaultName, Scenario.BuiltInNames);
        var recorded = VoiceLibrary.Lines.Select(static line => VoiceLibrary.Named(line.Name)!).ToHashSet();
        foreach (var scenario in Scenario.BuiltInNames.Select(Scenario.BuiltIn))
        {
            var steps = scenario.Greeting.Concat(scenario.Turns.Append(scenario.Otherwise).SelectMany(static turn => turn.Steps))
                .Concat(scenario.TextRules.SelectMany(static rule => rule.Steps)).SelectMany(Flatten).OfType<SayStep>();
            Assert.All(steps.Where(static say => say.Text is not null), say => Assert.Contains(say.Audio, recorded));
        }
    }

    private static IEnumerable<ScenarioStep> Flatten(ScenarioStep step) => step switch
    {
        BranchStep branch => branch.Cases.SelectMany(static each => each.Steps).SelectMany(Flatten),
        CallToolsStep call => call.Fallback.SelectMany(Flatten).Append(call),
        _ => [step],
    };
}
