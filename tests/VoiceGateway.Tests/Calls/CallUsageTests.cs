using Microsoft.Extensions.DependencyInjection;
using System.Diagnostics.Metrics;
using VoiceGateway.Calls;
using VoiceGateway.GeminiLive;
using VoiceGateway.Records;
using VoiceGateway.Telemetry;
using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Calls;

public sealed class CallUsageTests : IDisposable
{
    private const string Model = "gemini-3.8-live";

    private readonly SettableTime _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CallMetrics _metrics;
    private readonly CallUsageMeter _meter;
    private readonly CallUsage _usage;

    public CallUsageTests()
    {
        _metrics = new CallMetrics(_services.GetRequiredService<IMeterFactory>());
        var prices = new ModelPrices { InputTextPerMillion = 1, InputAudioPerMillion = 3, OutputTextPerMillion = 5, OutputAudioPerMillion = 12 };
        _meter = new CallUsageMeter(new PriceTable("EUR", new Dictionary<string, ModelPrices> { ["gemini-3.8-live"] = prices }), _metrics);
        _usage = _meter.Begin(new TurnTimeline(_time), Model);
    }

    [Fact]
    public void Count_TwoTurns_AddsTheWholePromptOfEach()
    {
        Turn(Of(prompt: 143, response: 19));
        Turn(Of(prompt: 181, response: 24));
        var usage = _usage.Snapshot();
        Assert.Equal((324, 43, 367), (usage.Prompt, usage.Response, usage.Total));
        Assert.Equal([1, 2], usage.Turns.Select(static t => t.Turn));
        Assert.Equal([143, 181], usage.Turns.Select(static t => Sum(t, "prompt")));
    }

    [Fact]
    public void Count_SameMessageAgainInOneTurn_CountsOnce()
    {
        _usage.ModelActed();
        _usage.Count(Of(100, 10));
        _usage.Count(Of(100, 10));
        _usage.TurnComplete();
        _usage.Count(Of(100, 10));
        Assert.Equal((100, 10), (_usage.Snapshot().Prompt, _usage.Snapshot().Response));
    }

    [Fact]
    public void Count_SameMessageInTheNextTurn_CountsAgain()
    {
        Turn(Of(100, 10));
        Turn(Of(100, 10));
        Assert.Equal(220, _usage.Snapshot().Total);
    }

    [Fact]
    public void Count_ResponseGrowsWhileTheModelSpeaks_TheLastFigureStands()
    {
        _usage.ModelActed();
        foreach (var response in new[] { 5, 20, 20, 60 }) _usage.Count(Of(100, response));
        _usage.TurnComplete();
        Assert.Equal((100, 60), (_usage.Snapshot().Prompt, _usage.Snapshot().Response));
        Assert.Equal(100 * 3 + 60 * 12, _usage.Snapshot().Cost!.Amount * 1_000_000);
        Assert.Equal(60, Sum(Assert.Single(_usage.Snapshot().Turns), "response"));
    }

    [Fact]
    public void Count_GenerationAfterATool_IsAddedToTheSameTurn()
    {
        _usage.ModelActed();
        _usage.Count(Of(100, 10));
        _usage.ModelActed();
        _usage.TurnComplete();
        _usage.Count(Of(130, 40));
        Assert.Equal((230, 50), (_usage.Snapshot().Prompt, _usage.Snapshot().Response));
        Assert.Equal(230, Sum(Assert.Single(_usage.Snapshot().Turns), "prompt"));
    }

    [Fact]
    public void Count_LateForATurn_BelongsToItAndNotToTheNext()
    {
        _usage.ModelActed();
        _usage.TurnComplete();
        _usage.Count(Of(100, 10));
        _usage.ModelActed();
        _usage.Count(Of(150, 10));
        Assert.Equal([(1, 100L), (2, 150L)], _usage.Snapshot().Turns.Select(static t => (t.Turn, Sum(t, "prompt"))));
    }

    [Fact]
    public void ConnectionChanged_ServerCountsFromTheStart_NothingIsTakenForARepetition()
    {
        _usage.ModelActed();
        _usage.Count(Of(100, 10));
        _usage.ConnectionChanged();
        _usage.Count(Of(100, 10));
        Assert.Equal(220, _usage.Snapshot().Total);
    }

    [Fact]
    public void ConnectionChanged_ToAModelWithoutPrice_KeepsTheCostAndSaysWhatIsMissing()
    {
        Turn(Of(100, 10));
        _usage.ConnectionChanged("other-live");
        Turn(Of(70, 7));
        var usage = _usage.Snapshot();
        Assert.Equal(new TokenCost((100 * 3 + 10 * 12) / 1_000_000m, "EUR", 77), usage.Cost);
        Assert.Equal([Model, "other-live"], usage.Turns.Select(static t => t.Model));
        Assert.Equal([0.00042m, null], usage.Turns.Select(static t => t.Cost));
    }

    [Fact]
    public void Count_DetailsCoverLessThanTheSum_RestIsUnspecifiedAndTheTotalIsOurOwn()
    {
        // As a 3.8 model was seen to count: 25 tokens of the prompt in no modality, thoughts beside the total.
        _usage.Count(new LiveUsage
        {
            PromptTokens = 522,
            ResponseTokens = 42,
            ThoughtsTokens = 136,
            TotalTokens = 564,
            PromptDetails = [new("TEXT", 332), new("AUDIO", 165)],
            ResponseDetails = [new("AUDIO", 42)],
        });
        var usage = _usage.Snapshot();
        Assert.Equal(
            [new("prompt", "TEXT", 332), new("prompt", "AUDIO", 165), new("prompt", "UNSPECIFIED", 25), new("response", "AUDIO", 42), new("thoughts", "TEXT", 136)],
            usage.Tokens);
        Assert.Equal(700, usage.Total);
        // 332 × 1 + (165 + 25) × 3 + 42 × 12 + 136 × 5 millionths.
        Assert.Equal(0.002086m, usage.Cost!.Amount);
    }

    [Fact]
    public void Count_ToolUseAndCacheByModality_AreKeptApart()
    {
        _usage.Count(new LiveUsage { ToolUsePromptTokens = 9, ToolUseDetails = [new("TEXT", 4), new("IMAGE", 5)], PromptTokens = 20, CachedContentTokens = 7, CachedDetails = [new("AUDIO", 6)] });
        Assert.Equal(
            [new("prompt", "UNSPECIFIED", 20), new("tool_use", "TEXT", 4), new("tool_use", "IMAGE", 5), new("cached", "AUDIO", 6), new("cached", "UNSPECIFIED", 1)],
            _usage.Snapshot().Tokens);
        Assert.Equal(29, _usage.Snapshot().Total);
    }

    [Theory]
    [InlineData("", "UNSPECIFIED")]
    [InlineData("MODALITY_UNSPECIFIED", "UNSPECIFIED")]
    [InlineData("audio", "AUDIO")]
    [InlineData("SMELL", "SMELL")]
    [InlineData("say: \"4930987654\"", "OTHER")]
    public void Count_ModalityOfAnyName_IsKeptAsAName(string sent, string kept)
    {
        _usage.Count(new LiveUsage { PromptTokens = 5, PromptDetails = [new(sent, 5)] });
        Assert.Equal(kept, Assert.Single(_usage.Snapshot().Tokens).Modality);
    }

    [Theory]
    [InlineData(-5, 10)]
    [InlineData(long.MaxValue, 1_000_000_010)]
    public void Count_FiguresNobodyCanMean_AreCut(long prompt, long total)
    {
        _usage.Count(Of(prompt, 10));
        Assert.Equal(total, _usage.Snapshot().Total);
    }

    [Fact]
    public void Count_EmptyMessage_IsNoTurn()
    {
        _usage.Count(new LiveUsage());
        Assert.Empty(_usage.Snapshot().Turns);
        Assert.Null(_usage.Snapshot().Cost);
    }

    [Fact]
    public void Count_MoreTurnsThanAreListed_NewestStayAndTheSumsHaveAll()
    {
        for (var i = 0; i < CallUsage.MaxTurns + 3; i++) Turn(Of(10, 1));
        var usage = _usage.Snapshot();
        Assert.Equal(CallUsage.MaxTurns, usage.Turns.Count);
        Assert.Equal(4, usage.Turns[0].Turn);
        Assert.Equal((CallUsage.MaxTurns + 3) * 11, usage.Total);
    }

    [Fact]
    public void Count_Turn_IsDatedFromTheStartOfTheCall()
    {
        _time.Advance(1500);
        Turn(Of(10, 1));
        Assert.Equal(1500, Assert.Single(_usage.Snapshot().Turns).AtMs);
    }

    [Fact]
    public void SinceStart_TwoCalls_AreAddedByModel()
    {
        var other = _meter.Begin(new TurnTimeline(_time), "other-live");
        Turn(Of(100, 10));
        _meter.Begin(new TurnTimeline(_time), Model).Count(Of(50, 5));
        other.Count(Of(1, 2));
        var models = _meter.SinceStart();
        Assert.Equal([Model, "other-live"], models.Select(static m => m.Model));
        Assert.Equal([150, 15], models[0].Tokens.Select(static t => t.Tokens));
        Assert.Equal(new TokenCost((150 * 3 + 15 * 12) / 1_000_000m, "EUR"), models[0].Cost);
        Assert.Null(models[1].Cost);
    }

    [Fact]
    public void Count_WhatIsCounted_GoesToTheMetricsOnce()
    {
        var tokens = new List<(long Tokens, string Tags)>();
        double cost = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name is GatewayDiagnostics.Tokens or GatewayDiagnostics.Cost && ReferenceEquals(instrument.Meter.Scope, _services.GetRequiredService<IMeterFactory>())) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => tokens.Add((value, string.Join(' ', tags.ToArray().Select(static t => t.Value)))));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => cost += value);
        listener.Start();
        _usage.ModelActed();
        _usage.Count(new LiveUsage { PromptTokens = 100, ResponseTokens = 10, ResponseDetails = [new("AUDIO", 10)] });
        _usage.Count(new LiveUsage { PromptTokens = 100, ResponseTokens = 30, ResponseDetails = [new("SMELL", 30)] });
        Assert.Equal([(100, $"prompt UNSPECIFIED {Model}"), (10, $"response AUDIO {Model}"), (30, $"response OTHER {Model}")], tokens);
        Assert.Equal((double)_usage.Snapshot().Cost!.Amount, cost, 12);
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _services.Dispose();
    }

    private static LiveUsage Of(long prompt, long response) => new() { PromptTokens = prompt, ResponseTokens = response, TotalTokens = prompt + response };

    private static long Sum(TurnUsage turn, string direction) => turn.Tokens.Where(t => t.Direction == direction).Sum(static t => t.Tokens);

    private void Turn(LiveUsage usage)
    {
        _usage.ModelActed();
        _usage.TurnComplete();
        _usage.Count(usage);
    }
}
