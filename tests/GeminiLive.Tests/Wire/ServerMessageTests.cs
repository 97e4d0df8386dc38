namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Every field that a server message can have, as the handler sees it.</summary>
public sealed class ServerMessageTests
{
    [Theory]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[{"text":"hello"}]}}}""", "text hello")]
    [InlineData("""{"serverContent":{"modelTurn":{"role":"model","parts":[{"thought":true,"text":"hm"}]}}}""", "thought hm")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[{"text":"hm","thought":true}]}}}""", "thought hm")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AQIDBA=="}}]}}}""", "audio 4")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"data":"AQIDBA==","mimeType":"audio/pcm"}}]}}}""", "audio 4")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"data":"AQIDBA=="}}]}}}""", "audio 4")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio\/pcm;rate=16000","data":"AQIDBA=="}}]}}}""", "unsupported audio/pcm;rate=16000")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"image/png","data":"AQIDBA=="}}]}}}""", "unsupported image/png")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[{"executableCode":{"language":"PYTHON","code":"1"}}]}}}""", """code {"language":"PYTHON","code":"1"}""")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[{"codeExecutionResult":{"outcome":"OUTCOME_OK"}}]}}}""", """result {"outcome":"OUTCOME_OK"}""")]
    [InlineData("""{"serverContent":{"interrupted":true}}""", "interrupted")]
    [InlineData("""{"serverContent":{"generationComplete":true}}""", "generated")]
    [InlineData("""{"serverContent":{"turnComplete":true}}""", "turn")]
    [InlineData("""{"serverContent":{"turnComplete":true,"turnCompleteReason":"SOMETHING_NEW"}}""", "turn SOMETHING_NEW")]
    [InlineData("""{"serverContent":{"waitingForInput":true}}""", "waiting")]
    [InlineData("""{"serverContent":{"interactionStatus":"IDLE"}}""", "status IDLE")]
    [InlineData("""{"serverContent":{"inputTranscription":{"text":"Grüße","finished":true}}}""", "in Grüße.")]
    [InlineData("""{"serverContent":{"inputTranscription":{"text":"\u0047r\u00fc\u00dfe \ud83d\ude00"}}}""", "in Grüße 😀")]
    [InlineData("""{"serverContent":{"outputTranscription":{"text":" we are"}}}""", "out  we are")]
    [InlineData("""{"serverContent":{"outputTranscription":{"finished":true}}}""", "out .")]
    [InlineData("""{"serverContent":{"groundingMetadata":{"webSearchQueries":["a"]}}}""", """grounding {"webSearchQueries":["a"]}""")]
    [InlineData("""{"toolCall":{"functionCalls":[{"id":"f1","name":"book","args":{"day":"Monday"}}]}}""", """call book{"day":"Monday"}""")]
    [InlineData("""{"toolCall":{"functionCalls":[{"id":"1","name":"a"},{"id":"2","name":"b","args":null}]}}""", "call a{},b{}")]
    [InlineData("""{"toolCallCancellation":{"ids":["f1","f2"]}}""", "cancel f1,f2")]
    [InlineData("""{"goAway":{"timeLeft":"50s"}}""", "goaway 50")]
    [InlineData("""{"goAway":{"timeLeft":"1.500s"}}""", "goaway 1.5")]
    [InlineData("""{"goAway":{"timeLeft":{"seconds":"7","nanos":500000000}}}""", "goaway 7.5")]
    [InlineData("""{"goAway":{"timeLeft":30}}""", "goaway 30")]
    [InlineData("""{"goAway":{}}""", "goaway 0")]
    [InlineData("""{"goAway":{"timeLeft":"soon"}}""", "goaway 0")]
    [InlineData("""{"goAway":{"timeLeft":"-3s"}}""", "goaway 0")]
    [InlineData("""{"sessionResumptionUpdate":{"newHandle":"h1","resumable":true}}""", "handle h1 True")]
    [InlineData("""{"sessionResumptionUpdate":{}}""", "handle  False")]
    [InlineData("""{"sessionResumptionUpdate":{"newHandle":"","resumable":false}}""", "handle  False")]
    [InlineData("""{"usageMetadata":{"totalTokenCount":12}}""", "usage 12")]
    [InlineData("""{"voiceActivity":{"voiceActivityType":"ACTIVITY_START","audioOffset":"0.5s"}}""", "activity Started ACTIVITY_START")]
    [InlineData("""{"voiceActivity":{"voiceActivityType":"ACTIVITY_END"}}""", "activity Ended ACTIVITY_END")]
    [InlineData("""{"voiceActivityDetectionSignal":{"vadSignalType":"VAD_SIGNAL_TYPE_SOS"}}""", "activity Started VAD_SIGNAL_TYPE_SOS")]
    [InlineData("""{"voiceActivity":{"voiceActivityType":"ACTIVITY_HUM"}}""", "activity Unknown ACTIVITY_HUM")]
    public void Field_Alone_ReachesTheHandler(string json, string expected)
    {
        Assert.Equal([expected], WireFeed.Events(json));
    }

    [Theory]
    [InlineData("""{"server_content":{"model_turn":{"parts":[{"inline_data":{"mime_type":"audio/pcm;rate=24000","data":"AQIDBA=="}}]}}}""", "audio 4")]
    [InlineData("""{"server_content":{"turn_complete":true,"turn_complete_reason":"X"}}""", "turn X")]
    [InlineData("""{"server_content":{"generation_complete":true}}""", "generated")]
    [InlineData("""{"server_content":{"input_transcription":{"text":"a"}}}""", "in a")]
    [InlineData("""{"server_content":{"output_transcription":{"text":"a"}}}""", "out a")]
    [InlineData("""{"server_content":{"waiting_for_input":true}}""", "waiting")]
    [InlineData("""{"server_content":{"grounding_metadata":{}}}""", "grounding {}")]
    [InlineData("""{"tool_call":{"function_calls":[{"id":"f1","name":"n"}]}}""", "call n{}")]
    [InlineData("""{"tool_call_cancellation":{"ids":["f1"]}}""", "cancel f1")]
    [InlineData("""{"go_away":{"time_left":"50s"}}""", "goaway 50")]
    [InlineData("""{"session_resumption_update":{"new_handle":"h1","resumable":true}}""", "handle h1 True")]
    [InlineData("""{"usage_metadata":{"total_token_count":"12"}}""", "usage 12")]
    [InlineData("""{"voice_activity":{"voice_activity_type":"ACTIVITY_START"}}""", "activity Started ACTIVITY_START")]
    public void SnakeCase_IsReadToo(string json, string expected)
    {
        Assert.Equal([expected], WireFeed.Events(json));
    }

    [Theory]
    [InlineData("""{"setupComplete":{}}""")]
    [InlineData("""{"setup_complete":{}}""")]
    [InlineData("""{ "setupComplete" : { "sessionId" : "s" } }""")]
    [InlineData("""{"setupComplete":null}""")]
    public void SetupComplete_AnyForm_IsSeen(string json)
    {
        using var feed = new WireFeed();
        Assert.True(feed.Take(json));
        Assert.True(feed.Message.SetupComplete);
    }

    [Fact]
    public void Usage_EveryCount_IsRead()
    {
        using var feed = new WireFeed();
        feed.Take("""
            {"usageMetadata":{"promptTokenCount":1,"responseTokenCount":"2","thoughtsTokenCount":3,"toolUsePromptTokenCount":"4",
            "cachedContentTokenCount":5,"totalTokenCount":15.0,
            "promptTokensDetails":[{"modality":"AUDIO","tokenCount":"1"},{"modality":"TEXT","tokenCount":2}],
            "responseTokensDetails":[{"modality":"AUDIO","tokenCount":7}],
            "toolUsePromptTokensDetails":[{"modality":"TEXT","tokenCount":4}],
            "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":"5"}]}}
            """);

        LiveUsage usage = feed.Handler.Usage!;
        Assert.Equal((1, 2, 3, 4), (usage.PromptTokens, usage.ResponseTokens, usage.ThoughtsTokens, usage.ToolUsePromptTokens));
        Assert.Equal((5, 15), (usage.CachedContentTokens, usage.TotalTokens));
        Assert.Equal([new LiveModalityTokens("AUDIO", 1), new LiveModalityTokens("TEXT", 2)], usage.PromptDetails);
        Assert.Equal([new LiveModalityTokens("AUDIO", 7)], usage.ResponseDetails);
        Assert.Equal([new LiveModalityTokens("TEXT", 4)], usage.ToolUseDetails);
        Assert.Equal([new LiveModalityTokens("AUDIO", 5)], usage.CachedDetails);
    }

    [Fact]
    public void Usage_VertexNames_MeanTheSame()
    {
        using var feed = new WireFeed();
        feed.Take("""{"usageMetadata":{"candidatesTokenCount":7,"candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":7}]}}""");
        Assert.Equal(7, feed.Handler.Usage!.ResponseTokens);
        Assert.Equal(7, feed.Handler.Usage.ResponseDetails[0].Tokens);
    }

    [Fact]
    public void Resumption_LastConsumedAsString_IsKept()
    {
        using var feed = new WireFeed();
        feed.Take("""{"sessionResumptionUpdate":{"newHandle":"h","resumable":true,"lastConsumedClientMessageIndex":"9007199254740993"}}""");
        Assert.Equal(("h", true, 9007199254740993), feed.Message.Resumption);
    }

    [Fact]
    public void ToolCall_WithoutId_GetsAUniqueOne()
    {
        using var feed = new WireFeed();
        feed.Take("""{"toolCall":{"functionCalls":[{"name":"a"},{"id":"","name":"b"},{"id":"given","name":"c"}]}}""");
        List<LiveFunctionCall> calls = feed.Handler.Calls;
        Assert.True(calls[0].IsIdGenerated && calls[1].IsIdGenerated);
        Assert.NotEqual(calls[0].Id, calls[1].Id);
        Assert.Equal("given", calls[2].Id);
        Assert.Equal(2, feed.Counters.ToolIdsGenerated);
    }

    [Fact]
    public void VoiceActivity_Offset_IsRead()
    {
        using var feed = new WireFeed();
        feed.Take("""{"voiceActivity":{"voiceActivityType":"ACTIVITY_END","audioOffset":"2.5s"}}""");
        Assert.Equal(TimeSpan.FromSeconds(2.5), feed.Message.VoiceActivity!.AudioOffset);
    }

    [Fact]
    public void Fields_ManyInOneMessage_AreAllHandledInterruptedFirst()
    {
        string[] events = WireFeed.Events("""
            {
              "usageMetadata": { "totalTokenCount": 3 },
              "goAway": { "timeLeft": "50s" },
              "toolCall": { "functionCalls": [ { "id": "2", "name": "n" } ] },
              "toolCallCancellation": { "ids": [ "1" ] },
              "serverContent": {
                "turnComplete": true,
                "outputTranscription": { "text": "o" },
                "modelTurn": { "parts": [ { "text": "first" }, { "inlineData": { "data": "AQIDBA==" } }, { "text": "last" } ] },
                "inputTranscription": { "text": "i" },
                "generationComplete": true,
                "interrupted": true
              },
              "sessionResumptionUpdate": { "newHandle": "h", "resumable": true }
            }
            """);

        Assert.Equal(
            ["interrupted", "cancel 1", "in i", "text first", "audio 4", "text last", "out o", "call n{}", "generated", "turn", "usage 3", "handle h True", "goaway 50"],
            events);
    }

    [Theory]
    [InlineData("""{"serverContent":{}}""")]
    [InlineData("""{"serverContent":null}""")]
    [InlineData("""{"serverContent":[1,2]}""")]
    [InlineData("""{"serverContent":{"modelTurn":null,"interrupted":false,"turnComplete":null}}""")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":{}}}}""")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[null,1,"x",[],{}]}}}""")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":7,"data":8}},{"inlineData":null}]}}}""")]
    [InlineData("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm","data":""}}]}}}""")]
    [InlineData("""{"serverContent":{"inputTranscription":{}, "outputTranscription":{"text":null}}}""")]
    [InlineData("""{"serverContent":{"newThing":{"deep":[{"a":[1,2,{"b":null}]}]},"interrupted":{"odd":true}}}""")]
    [InlineData("""{"toolCall":{"functionCalls":[]}}""")]
    [InlineData("""{"toolCall":{"functionCalls":"none"}}""")]
    [InlineData("""{"toolCallCancellation":{"ids":null}}""")]
    [InlineData("""{"usageMetadata":3}""")]
    [InlineData("""{"voiceActivity":[]}""")]
    public void Field_EmptyOrOfAnotherType_IsPassedOver(string json)
    {
        Assert.Empty(WireFeed.Events(json));
    }

    [Fact]
    public void Message_OfUnknownFieldsOnly_IsCounted()
    {
        using var feed = new WireFeed();
        Assert.True(feed.Take("""{"somethingNew":{"a":[1,{"b":2}]},"another":"x"}"""));
        Assert.True(feed.Take("""{"somethingNew":1,"goAway":{"timeLeft":"1s"}}"""));
        Assert.Equal(1, feed.Counters.UnknownMessages);
        Assert.Equal(["goaway 1"], feed.Handler.Events);
    }

    [Fact]
    public void Message_FollowsAnother_KeepsNothingOfIt()
    {
        using var feed = new WireFeed();
        feed.Take("""{"serverContent":{"interrupted":true,"turnComplete":true,"turnCompleteReason":"R","inputTranscription":{"text":"a"},"modelTurn":{"parts":[{"text":"t"}]}}}""");
        int before = feed.Handler.Events.Length;
        feed.Take("""{"serverContent":{"generationComplete":true}}""");
        Assert.Equal(["generated"], feed.Handler.Events[before..]);
    }
}
